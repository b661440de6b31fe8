# docker build -t retailctl .
# docker run --rm --read-only --user "$(id -u)" -v "$PWD:/estate:ro" retailctl audit
FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements/build.txt requirements/base.txt requirements/
RUN python -m venv /opt/retailctl \
    && /opt/retailctl/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements/base.txt \
    && python -m venv /opt/build \
    && /opt/build/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements/build.txt
COPY pyproject.toml LICENSE ./
COPY retailctl retailctl
RUN /opt/build/bin/python -m hatchling build -t wheel -d /dist \
    && /opt/retailctl/bin/pip install --no-cache-dir --no-deps --no-index /dist/*.whl

FROM python:3.13-slim
# git: the mounted repository belongs to another user.
RUN apt-get update \
    && apt-get install -y --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/* \
    && git config --system --add safe.directory /estate
COPY --from=build /opt/retailctl /opt/retailctl
ENV PATH=/opt/retailctl/bin:$PATH PYTHONDONTWRITEBYTECODE=1
USER 65532:65532
WORKDIR /estate
ENTRYPOINT ["retailctl"]
CMD ["--help"]
