/** What the dataset page draws: distributions, error figures, confusions: endpoints of this area. */
export const datasetEndpoints = {} as const
