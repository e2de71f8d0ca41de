"""The database: tables, transactions, migrations, and the encryption of PINs."""
