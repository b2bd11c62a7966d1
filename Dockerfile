# Wane as an image: built in one stage, run in another, by a user who may write only to /var/lib/wane.
# `make image-steps` runs the same steps without a container engine.

FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
RUN python -m venv /opt/wane
COPY requirements.lock ./
RUN /opt/wane/bin/pip install --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY app app
COPY cds_hooks cds_hooks
COPY knowledge knowledge
RUN /opt/wane/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /wheel . \
 && /opt/wane/bin/pip install --no-deps --no-index /wheel/*.whl
# Run where the sources are not: what is checked is what was installed.
WORKDIR /
RUN /opt/wane/bin/wane knowledge check

FROM python:3.11-slim
RUN groupadd --system --gid 10001 wane \
 && useradd --system --uid 10001 --gid wane --no-create-home --home-dir /var/lib/wane wane \
 && install --directory --owner wane --group wane --mode 0700 /var/lib/wane
COPY --from=build /opt/wane /opt/wane
ENV PATH=/opt/wane/bin:$PATH PYTHONUNBUFFERED=1 WANE_JOURNAL=/var/lib/wane/journal.sqlite
USER 10001:10001
WORKDIR /var/lib/wane
VOLUME /var/lib/wane
EXPOSE 8000
# Alive, not ready: a container is not better off restarted while the database is away. Orchestrators ask /health/ready.
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/live', timeout=4)"]
# Without clients in a site folder this needs WANE_OPEN=1, since inside a container no caller is on the same machine.
CMD ["wane", "serve", "--host", "0.0.0.0"]
