"""Tables as a spreadsheet (Office Open XML)."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from hoeder.registers.sheets import Cell, Sheet

_HEAD = PatternFill("solid", fgColor="1F3A5F")
_WIDEST = 48
_LARGEST_CELL = 32_767  # characters that the format takes


def spreadsheet(sheets: Sequence[Sheet], title: str) -> bytes:
    """One workbook. A text is always a text: what begins with `=` is never calculated."""
    book = Workbook()
    book.properties.title = title
    book.properties.creator = "Hoeder"
    if book.active is not None:
        book.remove(book.active)
    for sheet in sheets:
        _write(book.create_sheet(sheet.title), sheet)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _write(page: Worksheet, sheet: Sheet) -> None:
    for row, cells in enumerate((sheet.columns, *sheet.rows), start=1):
        for column, value in enumerate(cells, start=1):
            cell = page.cell(row, column)
            cell.value = _plain(value)
            if isinstance(value, str):
                cell.data_type = "s"
            if isinstance(value, date):
                cell.number_format = "yyyy-mm-dd"
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if row == 1:
                cell.font = Font(bold=True, color="FFFFFF")
                cell.fill = _HEAD
    for column, name in enumerate(sheet.columns, start=1):
        texts = [name, *(str(row[column - 1] or "") for row in sheet.rows)]
        longest = max(len(line) for text in texts for line in text.split("\n"))
        page.column_dimensions[get_column_letter(column)].width = min(_WIDEST, max(12, longest + 2))
    page.freeze_panes = "B2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{len(sheet.rows) + 1}"
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_title_rows = "1:1"


def _plain(value: Cell) -> Cell:
    return ILLEGAL_CHARACTERS_RE.sub("", value)[:_LARGEST_CELL] if isinstance(value, str) else value
