# One image for every part: `start --web`, `start --worker` or any other deskbridge command.
# Debian, not Alpine: Temporal's native core needs glibc. A Node with long-term support until April 2028. Pin the very image by
# its digest where you build: docker build --build-arg NODE_IMAGE=node:24-bookworm-slim@sha256:…
ARG NODE_IMAGE=node:24-bookworm-slim
FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts scripts
COPY src src
COPY sandbox sandbox
COPY engine engine
COPY workflows workflows
COPY activities activities
RUN node scripts/ready.js \
 && npm prune --omit=dev --no-audit --no-fund \
 # The native core is shipped for all platforms; one of them runs here.
 && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 \
      ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -rf {} +

FROM ${NODE_IMAGE}
# Certificates for a Temporal cluster behind TLS: its client does not use Node's own.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && mkdir /data && chown node:node /data
ENV NODE_ENV=production DESKBRIDGE_DATA_DIR=/data
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json package-lock.json ./
COPY scripts scripts
COPY config config
USER node
VOLUME /data
EXPOSE 3000
# Node is the first process: it gets SIGTERM itself and drains.
ENTRYPOINT ["node", "dist/src/cli/main.js"]
CMD ["start"]
