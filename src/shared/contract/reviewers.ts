/** Second keying, leases, history across fields: endpoints of this area. */
export const reviewersEndpoints = {} as const
