/** Registrars for the templates as they are now: one that looks for all, and the last one that looked for a single template. */
import { NominaError } from '../../../shared/failure'
import type { Pixels, Registrar, Template } from '../register'
import type { ProcessTemplate } from './protocol'

export interface KnownTemplate {
  id: number
  template: Template
}

export class Registrars {
  private known: KnownTemplate[] = []
  private all: Promise<Registrar> | null = null
  private single: { id: number; registrar: Promise<Registrar> } | null = null

  constructor(
    private readonly create: (templates: Template[]) => Promise<Registrar>,
    private readonly decode: (image: Uint8Array) => Promise<Pixels>
  ) {}

  /** Settles when the templates that were given last are in use: a page that came after them waits. */
  ready: Promise<void> = Promise.resolve()

  set(templates: ProcessTemplate[]): Promise<void> {
    const set = this.ready.then(() => this.replace(templates))
    this.ready = set.catch(() => {})
    return set
  }

  private async replace(templates: ProcessTemplate[]): Promise<void> {
    const known = await Promise.all(
      templates.map(async ({ id, name, image, fields, filled }) => ({
        id,
        template: { name, fields, filled, image: await this.decode(image) }
      }))
    )
    const before = [this.all, this.single?.registrar]
    this.known = known
    this.all = this.single = null
    for (const registrar of before) (await registrar)?.close()
  }

  get any(): boolean {
    return this.known.length > 0
  }

  idOf(name: string): number {
    return this.known.find(({ template }) => template.name === name)!.id
  }

  /** @throws NominaError `not-found` */
  templateOf(id: number): Template {
    const found = this.known.find((known) => known.id === id)
    if (!found) throw new NominaError('not-found', `There is no template with the number ${id} that can be used.`)
    return found.template
  }

  /** @param id of the only template to look for; null: all */
  async registrar(id: number | null): Promise<Registrar> {
    if (id === null || this.known.length === 1)
      return (this.all ??= this.create(this.known.map(({ template }) => template)))
    if (this.single?.id !== id) {
      const template = this.templateOf(id)
      const before = this.single?.registrar
      this.single = { id, registrar: this.create([template]) }
      ;(await before)?.close()
    }
    return this.single.registrar
  }
}
