-- Run once on an empty PostgreSQL, as its superuser: creates roles and databases for Seatwise and for
-- Temporal. Passwords come from the environment, so that none is in a file or in a process list.
\getenv seatwise_password SEATWISE_DB_PASSWORD
\getenv temporal_password TEMPORAL_DB_PASSWORD

CREATE ROLE seatwise LOGIN PASSWORD :'seatwise_password';
CREATE ROLE temporal LOGIN PASSWORD :'temporal_password';

CREATE DATABASE seatwise OWNER seatwise;
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;

REVOKE CONNECT ON DATABASE seatwise, temporal, temporal_visibility FROM PUBLIC;
