# syntax=docker/dockerfile:1
# One image for every role: `node dist/main.js` with GUILDHALL_ROLE=api|worker|all, `node dist/cli.js migrate` for migrations.

FROM node:22-bookworm-slim AS base
WORKDIR /app
ENV NPM_CONFIG_UPDATE_NOTIFIER=false NPM_CONFIG_FUND=false NPM_CONFIG_AUDIT=false

# Everything that the compiler needs. No install scripts: nothing here wants one.
FROM base AS build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.check.json nest-cli.json .swcrc ./
COPY scripts ./scripts
COPY src ./src
COPY migrations ./migrations
RUN npm run build

# What the program imports. The built-in PostgreSQL is an optional dependency and stays out: production names its own database.
FROM base AS dependencies
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts && npm cache clean --force

FROM base AS runtime
ENV NODE_ENV=production PORT=8000 DATA_DIR=/app/.data
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE NOTICE ./
COPY seeds ./seeds
RUN install -d -o node -g node -m 0750 /app/.data /app/.data/files
USER node
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "require(process.env.TLS_CERT_FILE ? 'https' : 'http').get({ host: '127.0.0.1', port: process.env.PORT || 8000, path: '/health/live', rejectUnauthorized: false }, (r) => process.exit(r.statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
CMD ["node", "dist/main.js"]
