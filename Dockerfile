# The command in a container: no root, nothing written but where a volume is mounted at /data.
#   docker run --rm --read-only --user "$(id -u)" --volume "$PWD:/data" IMAGE run --store /data/out
# Everything is pure Python, so it is installed once, on the machine that builds, for every processor.

FROM --platform=$BUILDPLATFORM python:3.13-alpine AS build
WORKDIR /source
COPY requirements/run.txt requirements/run.txt
RUN python -m pip install --no-cache-dir --no-compile --require-hashes --requirement requirements/run.txt \
  && python -m pip install --no-cache-dir --no-compile --require-hashes --target /packages --requirement requirements/run.txt
COPY pyproject.toml hatch_build.py README.md LICENSE NOTICE CHANGELOG.md ./
COPY src src
RUN python -m pip install --no-cache-dir --no-compile --no-build-isolation --no-deps --target /packages .

FROM python:3.13-alpine
LABEL org.opencontainers.image.title="aws-ssm-data-fetcher" \
  org.opencontainers.image.licenses="Apache-2.0"
ENV PYTHONPATH=/packages PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
COPY --from=build /packages /packages
WORKDIR /data
USER 65532:65532
ENTRYPOINT ["python", "-m", "aws_ssm_fetcher"]
CMD ["--help"]
