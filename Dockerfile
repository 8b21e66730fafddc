# One image for every process: api (the default), worker and simulator differ only in their command.
ARG NODE_VERSION=24

FROM node:${NODE_VERSION}-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY scripts/copy-migrations.mjs scripts/
COPY src src
RUN npm run build
RUN npm prune --omit=dev

FROM node:${NODE_VERSION}-slim
ENV NODE_ENV=production
WORKDIR /app
# The data folder of the simulator: a volume mounted here gets this owner.
RUN install -d -o node -g node /data
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/package.json ./
COPY --from=build /app/dist dist
USER node
EXPOSE 8080 8081
CMD ["node", "dist/bin/api.js"]
