/** What an earlier Nomina can open of a project that a newer one changed. */
import { constants } from 'node:fs'
import { copyFile, cp } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { isThere, makeWholeFolder } from '../../reading/images'
import { messageOf, NominaError, say } from '../../shared/failure'
import { databaseName, olderCopy } from '../store'
import { ownFolders } from '../store/own-folders'

/**
 * Makes a project of the copy that the newer one kept, in a folder beside the project, which stays as it is.
 * @returns its folder
 * @throws NominaError('not-found') no copy is there that can be opened here
 */
export async function copyOlder(path: string): Promise<string> {
  const project = resolve(path)
  const copy = (await isThere(project)) ? olderCopy(join(project, databaseName)) : null
  if (copy === null) throw new NominaError('not-found', say('noOlderCopy', { folder: project }))
  const to = await freeFolder(`${project}-older`)
  await makeWholeFolder(to, async (unfinished) => {
    await copyFile(copy, join(unfinished, databaseName), constants.COPYFILE_FICLONE)
    for (const name of Object.values(ownFolders))
      if (await isThere(join(project, name)))
        await cp(join(project, name), join(unfinished, name), { recursive: true, mode: constants.COPYFILE_FICLONE })
  }).catch((error: unknown) => {
    throw new NominaError('refused', say('cannotBeMade', { folder: to, why: messageOf(error) }), { cause: error })
  })
  return to
}

async function freeFolder(wanted: string): Promise<string> {
  let free = wanted
  for (let number = 2; await isThere(free); number++) free = `${wanted}-${number}`
  return free
}
