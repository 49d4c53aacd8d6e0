"""Northwind's columns, judged one by one before any tool saw them: is this personal data, and of what kind?

Customers and suppliers are firms with a named contact person. Data that reach that person are personal; what only says
where a firm is established is debatable, since some of these firms are one person's business. Keys of employees are
personal.
"""

from dataclasses import dataclass

from column_kinds import (
    ADDRESS,
    BORN,
    CITY,
    DEBATABLE,
    GENDER,
    NAME,
    NOT,
    PHONE,
    POSTCODE,
    STAFF,
    STREET,
    TEXT,
    Verdict,
)

JOB = ("user.job_title", "user.professional_information", "user.workplace")
FAX = ("user.contact.fax_number", *PHONE)
STATE = ("user.contact.address.state", "user.location.imprecise")
COUNTRY = ("user.contact.address.country", "user.location.imprecise")
PORTRAIT = ("user.content", "user.biometric")


@dataclass(frozen=True)
class Judged:
    """Columns of one table with one verdict and the reason for it."""

    table: str
    columns: str
    verdict: Verdict
    because: str


JUDGED = (
    Judged("categories", "category_id category_name description picture", NOT, "kinds of food"),
    Judged("customer_customer_demo", "customer_id customer_type_id", DEBATABLE, "keys in a table without rows"),
    Judged("customer_demographics", "customer_type_id customer_desc", NOT, "a list of kinds, without rows"),
    Judged("customers", "customer_id", DEBATABLE, "the key of a firm, and so of its contact person"),
    Judged("customers", "company_name", NOT, "names of firms, a few of them called after their owner"),
    Judged("customers", "contact_name", NAME, "first and last name of a person"),
    Judged("customers", "contact_title", JOB, "the job of the named contact person"),
    Judged(
        "customers",
        "address city region postal_code country",
        DEBATABLE,
        "where the firm is, at times one person's business",
    ),
    Judged("customers", "phone", PHONE, "reaches the named contact person"),
    Judged("customers", "fax", FAX, "reaches the named contact person"),
    Judged("employee_territories", "employee_id", STAFF, "says which employee works where"),
    Judged("employee_territories", "territory_id", NOT, "a sales area"),
    Judged("employees", "employee_id", STAFF, "the key of an employee"),
    Judged("employees", "last_name first_name", NAME, "names of employees"),
    Judged("employees", "title", JOB, "the employee's job"),
    Judged(
        "employees",
        "title_of_courtesy",
        (*GENDER, *NAME, "user.demographic"),
        "Mr. or Ms.: gender; Dr.: part of the name",
    ),
    Judged("employees", "birth_date", BORN, "a birth date"),
    Judged("employees", "hire_date", DEBATABLE, "about the employee, but a date of an event"),
    Judged("employees", "address", (*STREET, *ADDRESS), "where the employee lives"),
    Judged("employees", "city", CITY, "where the employee lives"),
    Judged("employees", "region", STATE, "where the employee lives"),
    Judged("employees", "postal_code", POSTCODE, "where the employee lives"),
    Judged("employees", "country", COUNTRY, "where the employee lives"),
    Judged("employees", "home_phone", PHONE, "the employee's telephone at home"),
    Judged("employees", "extension", (*PHONE, "user.workplace"), "reaches the employee at work"),
    Judged("employees", "photo", PORTRAIT, "a portrait; the bytes are missing from the file, the meaning is not"),
    Judged("employees", "notes", (*TEXT, "user.professional_information"), "a life in a few sentences, with the name"),
    Judged("employees", "reports_to", STAFF, "the key of another employee"),
    Judged(
        "employees",
        "photo_path",
        (*PORTRAIT, *NAME, "user.contact.url"),
        "the address of a portrait, with the surname in it",
    ),
    Judged("order_details", "order_id product_id unit_price quantity discount", NOT, "what was ordered"),
    Judged("orders", "order_id ship_via freight", NOT, "an order, its carrier and cost"),
    Judged("orders", "customer_id", DEBATABLE, "the key of a firm, and so of its contact person"),
    Judged("orders", "employee_id", STAFF, "which employee took the order"),
    Judged("orders", "order_date required_date shipped_date", NOT, "dates of events"),
    Judged("orders", "ship_name", NOT, "names of firms, as in customers"),
    Judged(
        "orders",
        "ship_address ship_city ship_region ship_postal_code ship_country",
        DEBATABLE,
        "where the firm is, as in customers",
    ),
    Judged("products", "product_id product_name supplier_id category_id quantity_per_unit unit_price", NOT, "goods"),
    Judged("products", "units_in_stock units_on_order reorder_level discontinued", NOT, "stock"),
    Judged("region", "region_id region_description", NOT, "points of the compass"),
    Judged("shippers", "shipper_id company_name", NOT, "carriers"),
    Judged("shippers", "phone", NOT, "a carrier's own number; no person is named beside it"),
    Judged("suppliers", "supplier_id company_name homepage", NOT, "firms and their sites"),
    Judged("suppliers", "contact_name", NAME, "first and last name of a person"),
    Judged("suppliers", "contact_title", JOB, "the job of the named contact person"),
    Judged(
        "suppliers",
        "address city region postal_code country",
        DEBATABLE,
        "where the firm is, at times one person's business",
    ),
    Judged("suppliers", "phone", PHONE, "reaches the named contact person"),
    Judged("suppliers", "fax", FAX, "reaches the named contact person"),
    Judged("territories", "territory_id territory_description region_id", NOT, "sales areas called after towns"),
    Judged("us_states", "state_id state_name state_abbr state_region", NOT, "a list of states"),
)

VERDICTS: dict[tuple[str, str], Verdict] = {
    (judged.table, column): judged.verdict for judged in JUDGED for column in judged.columns.split()
}
