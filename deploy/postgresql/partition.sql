-- Splits every table that holds companies' rows into partitions by company.
--
--     psql "$OSTIARY_DATABASE_URL" -v ON_ERROR_STOP=1 -f deploy/postgresql/partition.sql
--     psql ... -c "SET ostiary.partitions = '32'" -f deploy/postgresql/partition.sql     -- another number than 8
--
-- Run it after `ostiary migrate`, on a new database, or with the service stopped: rows that are there are moved. All of it
-- is one transaction, and a second run splits only what a later version added. The owner of the tables can run it, or who may
-- act as the owner.
--
-- A table is split when `company_id` leads its primary key, whichever tables a version has; `companies` is one small row
-- for each company and stays whole. Partitions are called by their table's name, an underscore and a number: the program
-- understands an error that names one by that.

BEGIN;

DO $$
DECLARE
    parts constant int := coalesce(nullif(current_setting('ostiary.partitions', true), ''), '8');
    whole record;
    made record;
    split text;
    moved bigint;
BEGIN
    IF parts NOT BETWEEN 2 AND 1000 THEN
        RAISE EXCEPTION 'ostiary.partitions is %: from 2 to 1000', parts;
    END IF;
    FOR whole IN
        SELECT c.oid, c.relname AS name, pg_get_userbyid(c.relowner) AS owner,
               coalesce(' WITH (' || array_to_string(c.reloptions, ', ') || ')', '') AS options
          FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0] AND a.attname = 'company_id'
         WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND NOT c.relispartition
           AND c.relname <> 'companies'
         ORDER BY c.relname
    LOOP
        EXECUTE format('SET LOCAL ROLE %I', whole.owner);
        -- No table split by company can keep it, and only versions before schema 0004 need it (`ostiary migrate --finish`).
        IF whole.name = 'api_keys' THEN
            DROP INDEX IF EXISTS api_keys_id;
        END IF;
        split := whole.name || '_whole';
        EXECUTE format('ALTER TABLE %I RENAME TO %I', whole.name, split);
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING STORAGE) PARTITION BY HASH (company_id)',
                       whole.name, split);
        FOR part IN 0 .. parts - 1 LOOP
            EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES WITH (MODULUS %s, REMAINDER %s)%s',
                           whole.name || '_' || part, whole.name, parts, part, whole.options);
        END LOOP;
        EXECUTE format('INSERT INTO %I SELECT * FROM %I', whole.name, split);
        GET DIAGNOSTICS moved = ROW_COUNT;
        CREATE TEMPORARY TABLE made_of ON COMMIT DROP AS
            SELECT x.relname AS index, i.indisprimary AS is_key, pg_get_indexdef(i.indexrelid) AS text,
                   pg_get_constraintdef(k.oid) AS key
              FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
              LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.contype = 'p' WHERE i.indrelid = whole.oid;
        EXECUTE format('DROP TABLE %I', split);  -- with its indexes, whose names are wanted
        FOR made IN SELECT * FROM made_of LOOP
            IF made.is_key THEN
                EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I %s', whole.name, made.index, made.key);
            ELSE
                EXECUTE regexp_replace(made.text, ' ON \S+ USING ', format(' ON %I USING ', whole.name));
            END IF;
        END LOOP;
        DROP TABLE made_of;
        RAISE NOTICE '%: % partitions, % rows moved', whole.name, parts, moved;
        RESET ROLE;
    END LOOP;
END
$$;

COMMIT;

ANALYZE;
