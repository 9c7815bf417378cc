/** Calibration, samples, acceptance rules. */
export const sql = /* sql */ `
`
