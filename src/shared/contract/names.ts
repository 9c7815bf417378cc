/** The grid by name: endpoints of this area. */
export const namesEndpoints = {} as const
