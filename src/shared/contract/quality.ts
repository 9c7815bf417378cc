/** Label errors, calibration, acceptance to a promised accuracy: endpoints of this area. */
export const qualityEndpoints = {} as const
