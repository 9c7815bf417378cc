/** One process that decodes, registers and crops pages, as the pages process does, and says where its time went. */
import { readFormData, readPixels, type FormData } from './data'
import { createRegistrar } from '../../src/reading/pages/register'

export interface Timings {
  pages: number
  /** ms. */
  decode: number
  registration: number
  crops: number
  /** From the first page to the last. */
  all: number
  peakBytes: number
}

async function work(folder: string, part: number, parts: number): Promise<Timings> {
  const data = (await readFormData(folder)) as FormData
  const registrar = await createRegistrar([data.template])
  const timings = { pages: 0, decode: 0, registration: 0, crops: 0 }
  const pages = data.pages.filter((_, index) => index % parts === part)
  registrar.register(await readPixels(pages[0]!.path)) // compiled before it is measured
  const started = performance.now()
  for (const { path } of pages) {
    const begin = performance.now()
    const page = await readPixels(path)
    const decoded = performance.now()
    const registration = registrar.register(page)
    const registered = performance.now()
    if (registration.status === 'matched')
      for (const field of data.template.fields) registrar.crop(page, registration, field)
    timings.pages++
    timings.decode += decoded - begin
    timings.registration += registered - decoded
    timings.crops += performance.now() - registered
  }
  return { ...timings, all: performance.now() - started, peakBytes: process.resourceUsage().maxRSS * 1024 }
}

const [folder, part, parts] = process.argv.slice(2)
process.send!(await work(folder!, Number(part), Number(parts)), () => process.exit(0))
