import type { Output } from '../../../../../shared/contract'

/** Bytes a second: 1.6 GB took 51 s on two busy cores. */
const speed = 31e6

/** How long Nomina answers nothing while the file is made smaller: what stays is written anew. */
export const secondsToShrink = ({
  database,
  lattices
}: Pick<Output<'project.disk'>, 'database' | 'lattices'>): number => (database - lattices) / speed
