-- How the original stored a price: one call of this function per row. Restated from its rules: get or create the item by
-- ankama_id, else by name (the same name with another id becomes "name (id)"); skip the point when the latest price is equal
-- and less than 15 minutes older. Frozen: a reference that gets better measures nothing.
CREATE TABLE bench.seed_item (
  id serial PRIMARY KEY,
  name text NOT NULL UNIQUE,
  ankama_id integer UNIQUE,
  category text
);

CREATE TABLE bench.seed_observation (
  id bigserial PRIMARY KEY,
  item_id integer NOT NULL REFERENCES bench.seed_item (id) ON DELETE CASCADE,
  server text NOT NULL,
  price_unit_avg numeric NOT NULL,
  nb_lots integer,
  captured_at timestamptz NOT NULL
);
CREATE INDEX ON bench.seed_observation (item_id, server, captured_at);
CREATE INDEX ON bench.seed_observation (server, captured_at);
CREATE INDEX ON bench.seed_observation (captured_at);

CREATE FUNCTION bench.ingest_observation(
  p_item_name text, p_ankama_id integer, p_server text, p_captured_at timestamptz, p_price numeric, p_nb_lots integer
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  v_item bench.seed_item%ROWTYPE;
  v_price numeric;
  v_at timestamptz;
  v_id bigint;
BEGIN
  IF p_ankama_id IS NOT NULL THEN
    SELECT * INTO v_item FROM bench.seed_item WHERE ankama_id = p_ankama_id;
  END IF;
  IF v_item.id IS NULL THEN
    SELECT * INTO v_item FROM bench.seed_item WHERE name = p_item_name;
    IF v_item.id IS NULL THEN
      INSERT INTO bench.seed_item (name, ankama_id) VALUES (p_item_name, p_ankama_id) RETURNING * INTO v_item;
    ELSIF v_item.ankama_id IS NULL AND p_ankama_id IS NOT NULL THEN
      UPDATE bench.seed_item SET ankama_id = p_ankama_id WHERE id = v_item.id;
    ELSIF p_ankama_id IS NOT NULL THEN
      INSERT INTO bench.seed_item (name, ankama_id) VALUES (p_item_name || ' (' || p_ankama_id || ')', p_ankama_id)
      RETURNING * INTO v_item;
    END IF;
  END IF;
  SELECT price_unit_avg, captured_at INTO v_price, v_at FROM bench.seed_observation
  WHERE item_id = v_item.id AND server = p_server ORDER BY captured_at DESC LIMIT 1;
  IF FOUND AND v_price = p_price AND p_captured_at >= v_at AND p_captured_at < v_at + interval '15 minutes' THEN
    RETURN NULL;
  END IF;
  INSERT INTO bench.seed_observation (item_id, server, price_unit_avg, nb_lots, captured_at)
  VALUES (v_item.id, p_server, p_price, p_nb_lots, p_captured_at) RETURNING id INTO v_id;
  RETURN v_id;
END $$;
