#!/bin/sh
# Makes the namespace of Seatwise once Temporal answers. TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and
# RETENTION (how long histories of ended workflows are kept) come from the environment.
set -eu

until temporal operator cluster health; do
  sleep 1
done
if temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; then
  temporal operator namespace update --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION"
else
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION"
fi
