/** What of a project can be dropped, for the room that it takes. */
export const prunable = ['backups', 'lattices'] as const
export type Prunable = (typeof prunable)[number]
