/** Which fields show a reading: a reading that none shows can be dropped without a look through all of them. */
export const sql = /* sql */ `
CREATE INDEX fields_by_reading ON fields (reading_id) WHERE reading_id IS NOT NULL;
`
