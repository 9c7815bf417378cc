/** Several people on one project: leases, who is there, second keying. */
export { reviewerMay } from './allowed'
export { heldByOthers, LEASE_SECONDS } from '../store/leases'
export { lease, notHeld } from './leases'
export { adjudicate, differences } from './second/adjudicate'
export { keyAgain, secondQueue, secondRows } from './second/key'
export { report } from './second/report'
export { closeRound, listRounds, startRound } from './second/rounds'
export { readTeam } from './team'
