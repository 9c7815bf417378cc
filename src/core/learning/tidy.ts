/** What earlier generations read goes once nothing shows it any more. */
import type { Project } from '../project'
import { immediate } from '../store'
import { turn } from '../store/slices'
import { dropReadingsAfter, unusedGenerations } from '../store/unused-readings'

/** In slices; where it is cut off, the next opening goes on. @throws the reason of closing the project */
export const dropUnusedReadings = ({ db, jobs }: Project): Promise<void> =>
  jobs.quick.run('unusedReadings', null, async ({ signal }) => {
    const models = unusedGenerations(db)
    let after: number | null = models.length ? 0 : null
    while (after !== null) {
      await turn(db, signal)
      const from: number = after
      after = immediate(db, () => dropReadingsAfter(db, models, from))
    }
  })
