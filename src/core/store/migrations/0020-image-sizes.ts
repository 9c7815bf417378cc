/** Crops of a size are mostly few among a million: see core/review/passing.ts. */
export const sql = /* sql */ `
CREATE INDEX images_by_width ON images (width);
CREATE INDEX images_by_height ON images (height);
`
