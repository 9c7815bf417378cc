import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { bundleProgram, startProgram } from '../fixtures/program'
import { folder, newProject, picture } from '../fixtures/scans'

let program = ''
beforeAll(async () => {
  program = await bundleProgram('import')
})

const fileCount = 400

async function scans(): Promise<string> {
  const root = folder()
  for (let index = 0; index < fileCount; index++) {
    writeFileSync(
      join(root, `${index}.png`),
      index % 50 === 7
        ? ''
        : await picture(index % 300, 40 + (index % 9))
            .png()
            .toBuffer()
    )
  }
  const rows = Array.from({ length: fileCount }, (_, index) => `${index}.png,NAME ${index}`)
  writeFileSync(join(root, 'labels.csv'), ['file,text', ...rows, 'none.png,NOBODY'].join('\n'))
  return root
}

/** Everything that import writes, apart from the numbers that depend on the order of work. */
function contentOf(project: string): unknown {
  const db = newProject(project)
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
  expect(db.pragma('foreign_key_check')).toEqual([])
  return {
    fields: db
      .prepare(
        `SELECT sources.path, sources.status, reason, sha256, fields.status, position, imported, imported_state, text, origin, width, height
         FROM fields JOIN sources ON sources.id = source_id LEFT JOIN images USING (sha256) ORDER BY position`
      )
      .raw()
      .all(),
    labels: db.prepare('SELECT line, name, text, state, field_id IS NULL FROM labels ORDER BY line').raw().all(),
    images: db.prepare('SELECT count(*) FROM images').pluck().get()
  }
}

// Killed while files are taken in, again while the second run goes on, and while labels are attached (7 transactions of
// files and more of labels follow one another).
test('an import that is killed, and killed again, and then goes on, ends as one that was not', async () => {
  const root = await scans()
  const [whole, cut] = [join(folder(), 'whole'), join(folder(), 'cut')]
  mkdirSync(whole)
  mkdirSync(cut)
  expect(await startProgram(program, [whole, root]).ended).toBe(0)
  for (const transactions of [2, 1, 5]) {
    const running = startProgram(program, [cut, root])
    await running.wroteLines(transactions)
    running.child.kill('SIGKILL')
    await running.ended
  }
  expect(await startProgram(program, [cut, root]).ended).toBe(0)
  const ended = contentOf(cut)
  expect(ended).toEqual(contentOf(whole))
  expect((ended as { fields: unknown[] }).fields).toHaveLength(fileCount)
})
