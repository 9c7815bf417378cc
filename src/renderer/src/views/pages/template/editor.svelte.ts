/** The template editor's state: what is drawn, what is chosen, and what each command makes of it. */
import { SvelteSet } from 'svelte/reactivity'
import type { FieldKind, ProposedBox, TemplateDetail } from '../../../../../shared/forms'
import { overlaps, roundBox, type Box, type Point, type Size } from '../geometry/shapes'
import { align, type Alignment } from './align'
import * as drafts from './draft'
import type { Draft, DraftBox } from './draft'
import { gridBoxes, type GridPlan } from './grid'
import * as history from './history'
import { guidesOf, type Guides } from './snap'
import { draftOf } from './stored'
import { problemsOf } from './validate'

export type Tool = 'select' | 'box' | 'grid'

export class Editor {
  readonly templateId: number
  readonly page: Size
  /** Names of the project's other templates. */
  taken = $state.raw<readonly string[]>([])
  steps = $state.raw<history.History<Draft>>() as history.History<Draft>
  readonly chosen = new SvelteSet<number>()
  /** The box chosen last: the others are aligned to it. */
  lead = $state<number | null>(null)
  tool = $state<Tool>('select')
  snapping = $state(true)
  proposals = $state.raw<readonly ProposedBox[]>([])
  /** The proposal that the keyboard has come to. */
  offered = $state.raw<ProposedBox | null>(null)
  /** What is being drawn, and the lines it was drawn to. */
  drawn = $state.raw<{ area: Box; what: 'box' | 'marquee' | 'grid' } | null>(null)
  lines = $state.raw<{ x: number | null; y: number | null }>({ x: null, y: null })
  /** The area of a grid whose rows and columns are being chosen. */
  gridArea = $state.raw<Box | null>(null)
  gridPreview = $state.raw<readonly DraftBox[]>([])

  readonly draft = $derived(this.steps.now)
  readonly boxes = $derived(this.draft.boxes)
  readonly selection = $derived(this.boxes.filter((box) => this.chosen.has(box.key)))
  readonly problems = $derived.by(() => problemsOf(this.draft, this.page, this.taken))
  readonly changed = $derived(history.isChanged(this.steps))
  readonly canUndo = $derived(this.steps.past.length > 0)
  readonly canRedo = $derived(this.steps.future.length > 0)
  /** Proposals that no box covers yet. */
  readonly open = $derived(
    this.proposals.filter((proposal) => !this.boxes.some((box) => overlaps(shrunk(box), shrunk(proposal))))
  )

  /** What is taken at once: places for writing, and boxes to tick when no other is left. */
  readonly takeable = $derived.by(() => {
    const written = this.open.filter(({ kind }) => kind !== 'tick')
    return written.length > 0 ? written : this.open
  })

  constructor(template: TemplateDetail) {
    this.templateId = template.id
    this.page = { width: template.width, height: template.height }
    this.steps = history.begin(draftOf(template))
  }

  /** @param merge changes of this name that follow each other are one step */
  apply(next: Draft, merge: string | null = null): void {
    this.steps = history.record(this.steps, next, merge)
    this.#dropGone()
  }

  seal(): void {
    this.steps = history.seal(this.steps)
  }

  undo(): boolean {
    if (!this.canUndo) return false
    this.steps = history.undo(this.steps)
    this.#dropGone()
    return true
  }

  redo(): boolean {
    if (!this.canRedo) return false
    this.steps = history.redo(this.steps)
    this.#dropGone()
    return true
  }

  saved(template: TemplateDetail): void {
    // The stored names are now these; boxes keep their keys, so that the selection and undo go on.
    const { past, now, future } = this.steps
    const settle = drafts.settleNames(now.boxes)
    const settled = settle({ ...now, name: template.name })
    this.steps = { past: past.map(settle), now: settled, future: future.map(settle), merge: null, saved: settled }
  }

  guides(without: ReadonlySet<number>): Guides {
    if (!this.snapping) return { x: [], y: [] }
    const others = this.boxes.filter((box) => !without.has(box.key))
    return guidesOf([...this.proposals, ...others])
  }

  choose(keys: Iterable<number>, lead?: number): void {
    this.offered = null
    this.chosen.clear()
    for (const key of keys) this.chosen.add(key)
    this.lead = lead ?? [...this.chosen].at(-1) ?? null
    this.seal()
  }

  toggle(key: number): void {
    if (this.chosen.delete(key)) this.lead = [...this.chosen].at(-1) ?? null
    else {
      this.chosen.add(key)
      this.lead = key
    }
    this.seal()
  }

  /** The next box in reading order (1) or the one before; proposals have their turn where they lie. */
  step(by: 1 | -1): DraftBox | ProposedBox | null {
    const all = drafts.withProposals(this.boxes, this.open)
    if (all.length === 0) return null
    const at = all.findIndex((box) => (this.offered ? box === this.offered : 'key' in box && box.key === this.lead))
    const next = at === -1 ? (by === 1 ? 0 : all.length - 1) : at + by
    const box = all[(next + all.length) % all.length]!
    this.choose('key' in box ? [box.key] : [])
    if (!('key' in box)) this.offered = box
    return box
  }

  /** Goes on to what comes next where it has no name of its own yet. Whether it did. */
  nextUnnamed(): boolean {
    const { lead } = this
    const next = this.step(1)
    const unnamed = next !== null && (!('key' in next) || !drafts.isGiven(next.name))
    if (!unnamed && lead !== null) this.choose([lead])
    return unnamed
  }

  addBox(area: Box, kind: FieldKind = 'name'): DraftBox {
    const name = drafts.freeName('field_1', drafts.namesOf(this.draft))
    const box = drafts.createBox(roundBox(this.#onPage(area)), name, { kind })
    this.apply(drafts.add(this.draft, [box]))
    this.choose([box.key])
    return box
  }

  /** A new box in the middle of what is seen, as large as the last one: for the keyboard. */
  addBoxAt(middle: Point): DraftBox {
    const like = this.selection.at(-1) ?? this.boxes.at(-1)
    const width = like?.width ?? Math.round(this.page.width / 3)
    const height = like?.height ?? Math.round(this.page.height / 24)
    return this.addBox({ x: middle.x - width / 2, y: middle.y - height / 2, width, height }, like?.kind)
  }

  take(proposals: readonly ProposedBox[]): void {
    const taken = drafts.namesOf(this.draft)
    const boxes = drafts.inPlaceOrder(proposals).map((proposal) => {
      const name = drafts.freeName('field_1', taken)
      taken.add(name)
      return drafts.createBox(roundBox(this.#onPage(proposal)), name, {
        kind: proposal.kind === 'tick' ? 'tick' : 'name'
      })
    })
    this.apply(drafts.add(this.draft, boxes))
    // The first, so that its name can be said at once.
    this.choose(boxes.slice(0, 1).map((box) => box.key))
  }

  addGrid(cells: readonly (readonly Box[])[], plan: GridPlan): void {
    const boxes = gridBoxes(cells, plan)
    this.apply(drafts.add(this.draft, boxes))
    this.gridArea = null
    this.gridPreview = []
    this.tool = 'select'
    this.choose(boxes.map((box) => box.key))
  }

  remove(): number {
    const gone = this.selection.length
    const at = this.boxes.findIndex((box) => this.chosen.has(box.key))
    this.apply(drafts.remove(this.draft, this.chosen))
    const next = this.boxes[Math.min(at, this.boxes.length - 1)]
    this.choose(next ? [next.key] : [])
    return gone
  }

  duplicate(): number {
    const { draft, added } = drafts.duplicate(this.draft, this.chosen, this.page)
    this.apply(draft)
    this.choose(added.map((box) => box.key))
    return added.length
  }

  nudge(by: Point): void {
    this.apply(drafts.move(this.draft, this.chosen, by, this.page), 'nudge')
  }

  grow(by: Point): void {
    this.apply(drafts.grow(this.draft, this.chosen, by, this.page), 'grow')
  }

  align(how: Alignment): void {
    if (this.lead !== null) this.apply(align(this.draft, this.chosen, this.lead, how))
  }

  reorder(by: -1 | 1): void {
    this.apply(drafts.reorder(this.draft, this.chosen, by), 'reorder')
  }

  /** Puts a box before another one in the reading order. */
  placeBefore(key: number, before: number | null): void {
    const box = this.boxes.find((candidate) => candidate.key === key)
    if (!box || key === before) return
    const rest = this.boxes.filter((candidate) => candidate.key !== key)
    const at = before === null ? rest.length : rest.findIndex((candidate) => candidate.key === before)
    this.apply({ ...this.draft, boxes: [...rest.slice(0, at), box, ...rest.slice(at)] })
  }

  orderByPlace(): void {
    this.apply({ ...this.draft, boxes: drafts.inPlaceOrder(this.boxes) })
  }

  /** Sets something of all chosen boxes; `merge` where it is typed. */
  set(what: Partial<Omit<DraftBox, 'key'>>, merge: string | null = null): void {
    this.apply(
      drafts.change(this.draft, this.chosen, () => what),
      merge
    )
  }

  rename(name: string): void {
    this.apply({ ...this.draft, name }, 'template-name')
  }

  /** What was done so far, to go back to where a gesture is given up. */
  mark(): () => void {
    const before = this.steps
    return () => (this.steps = before)
  }

  #onPage(box: Box): Box {
    const x = Math.max(0, Math.min(box.x, this.page.width - drafts.leastSide))
    const y = Math.max(0, Math.min(box.y, this.page.height - drafts.leastSide))
    return {
      x,
      y,
      width: Math.max(drafts.leastSide, Math.min(box.x + box.width, this.page.width) - x),
      height: Math.max(drafts.leastSide, Math.min(box.y + box.height, this.page.height) - y)
    }
  }

  #dropGone(): void {
    const there = drafts.keysOf(this.boxes)
    for (const key of this.chosen) if (!there.has(key)) this.chosen.delete(key)
    if (this.lead !== null && !there.has(this.lead)) this.lead = [...this.chosen].at(-1) ?? null
  }
}

/** The inner part of a box: neighbours that share an edge do not overlap. */
const shrunk = (box: Box): Box => ({
  x: box.x + box.width * 0.25,
  y: box.y + box.height * 0.25,
  width: box.width * 0.5,
  height: box.height * 0.5
})
