/** SQL: joins to an object `o` what people have learnt to call it, masters alone have, and the highest number among those changes. */
export const LEARNT = `
  LEFT JOIN LATERAL (
    SELECT array_agg(l.heard) FILTER (WHERE NOT l.is_for_masters) AS heard, array_agg(l.heard) FILTER (WHERE l.is_for_masters) AS by_masters,
      max(l.change_seq) AS seq
    FROM tabletop.learnt_name l WHERE l.object_id = o.id) learnt ON true`;
