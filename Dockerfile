# Two images: `server` (worker, bot, api, command line) and `edge` (the box at the machine).
# docker build --target server . ; docker build --target edge .

FROM python:3.11-slim AS build
ENV PIP_NO_CACHE_DIR=1 UV_NO_CACHE=1 UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
RUN pip install --quiet uv==0.13.8 && python -m venv /opt/siaga
ENV VIRTUAL_ENV=/opt/siaga
WORKDIR /build

FROM build AS build-server
COPY . .
RUN uv pip install -c requirements.lock '.[server]'

FROM build AS build-edge
COPY . .
RUN uv pip install -c requirements.lock '.[edge]'

FROM python:3.11-slim AS base
ENV PATH=/opt/siaga/bin:$PATH PYTHONUNBUFFERED=1
# The data folder is made here so that a new volume belongs to the user, too.
RUN useradd --uid 10001 --create-home siaga && install -d -o siaga -g siaga -m 700 /data
WORKDIR /home/siaga
USER siaga
VOLUME /data
ENTRYPOINT ["siaga"]

FROM base AS edge
COPY --from=build-edge /opt/siaga /opt/siaga
ENV SIAGA_EDGE_DIR=/data
CMD ["edge"]

FROM base AS server
COPY --from=build-server /opt/siaga /opt/siaga
ENV SIAGA_DATA_DIR=/data SIAGA_API_HOST=0.0.0.0
EXPOSE 8000
CMD ["--help"]
