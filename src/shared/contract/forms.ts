/** Templates, pages, registration: endpoints of this area. */
export const formsEndpoints = {} as const

export const formsEvents = {} as const
