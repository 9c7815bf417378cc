/** What a walk needs on the disk: fields to import, and a learner that only speaks the protocol. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inRoot } from '../lib/root.mjs'

/** Copies of the sample fields, each with bytes of its own: a comment after a JPEG's first marker. */
export function makeCrops(into, count) {
  mkdirSync(into, { recursive: true })
  const samples = inRoot('resources', 'samples', 'fields')
  const files = readdirSync(samples).filter((name) => name.endsWith('.jpg'))
  for (let number = 0; number < count; number++) {
    const bytes = readFileSync(join(samples, files[number % files.length]))
    const comment = Buffer.from(`${into} ${number}`)
    const marker = Buffer.from([0xff, 0xfe, 0, comment.length + 2])
    const path = join(into, `${number}.jpg`)
    writeFileSync(path, Buffer.concat([bytes.subarray(0, 2), marker, comment, bytes.subarray(2)]))
  }
}

/** An epoch takes long enough to be ended in. */
export function setUpLearner(data) {
  mkdirSync(join(data, 'learner'), { recursive: true })
  const command = [process.execPath, inRoot('test', 'fixtures', 'learner.mjs'), 'slow=1500']
  writeFileSync(join(data, 'learner', 'environment.json'), JSON.stringify({ command, version: '0', own: false }))
}
