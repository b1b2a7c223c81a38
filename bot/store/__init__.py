"""SQL: the database, one store per aggregate, migrations and the vault."""
