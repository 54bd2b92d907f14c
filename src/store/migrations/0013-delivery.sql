-- A second secret of a delivery token: who comes with it also looks at releases as if they had been deployed.
alter table token add column preview_secret_sha256 bytea
  check (preview_secret_sha256 is null or kind = 'delivery');
create unique index token_preview_secret on token (preview_secret_sha256);
