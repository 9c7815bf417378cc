/** Folders that Nomina itself makes in a project's folder: none of them holds scans, and all of them go with the project. */
export const ownFolders = { crops: 'crops', learning: 'learning', models: 'models' } as const

export const isOwnFolder = (name: string): boolean => name in ownFolders
