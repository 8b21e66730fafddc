#!/bin/sh
# Creates the namespace of Seatwise or updates its retention, and ends when the namespace is usable.
# The environment has TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and RETENTION (how long the histories of
# ended workflows are kept).
set -eu

# A new namespace is visible to the frontends only after some seconds.
retry() {
  for attempt in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    if "$@"; then return; fi
    sleep 2
  done
  return 1
}

retry temporal operator cluster health
if ! temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; then
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION"
fi
retry temporal operator namespace update --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION"
retry temporal workflow count --namespace "$TEMPORAL_NAMESPACE"
