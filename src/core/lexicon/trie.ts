/** Texts as a tree of class indices, each with a count: a search follows only beginnings of known texts. */

const FIRST_ROOM = 1024

export class Trie {
  /** Of each node, 0 the root: its class, first child, next sibling, parent (0: none), and the count of its text. */
  private classes = new Uint16Array(FIRST_ROOM)
  private children = new Uint32Array(FIRST_ROOM)
  private siblings = new Uint32Array(FIRST_ROOM)
  private parents = new Uint32Array(FIRST_ROOM)
  private counts = new Float64Array(FIRST_ROOM)
  private size = 1
  /** Entries that end in a node; more than one where only case or accents tell them apart. */
  private readonly entries = new Map<number, number[]>()

  /** @param entry the number of the list's entry */
  add(classes: readonly number[], count: number, entry: number): void {
    let node = 0
    for (const index of classes) node = this.child(node, index) || this.append(node, index)
    this.counts[node] = this.counts[node]! + count
    const entries = this.entries.get(node)
    if (entries) entries.push(entry)
    else this.entries.set(node, [entry])
  }

  /** 0 where the text is not there. */
  countOf(classes: readonly number[]): number {
    const node = this.nodeOf(classes)
    return node === null ? 0 : this.counts[node]!
  }

  entriesOf(classes: readonly number[]): readonly number[] {
    const node = this.nodeOf(classes)
    return (node !== null && this.entries.get(node)) || []
  }

  /** Nodes, the root included. */
  get nodes(): number {
    return this.size
  }

  firstChild = (node: number): number => this.children[node]!
  nextSibling = (node: number): number => this.siblings[node]!
  classOf = (node: number): number => this.classes[node]!
  count = (node: number): number => this.counts[node]!

  classesTo(node: number): number[] {
    const classes: number[] = []
    for (let at = node; at; at = this.parents[at]!) classes.push(this.classes[at]!)
    return classes.reverse()
  }

  private nodeOf(classes: readonly number[]): number | null {
    let node = 0
    for (const index of classes) {
      node = this.child(node, index)
      if (!node) return null
    }
    return node
  }

  private child(node: number, index: number): number {
    let child = this.children[node]!
    while (child && this.classes[child] !== index) child = this.siblings[child]!
    return child
  }

  private append(parent: number, index: number): number {
    if (this.size === this.classes.length) this.grow()
    const node = this.size++
    this.classes[node] = index
    this.parents[node] = parent
    this.siblings[node] = this.children[parent]!
    this.children[parent] = node
    return node
  }

  private grow(): void {
    const room = this.size * 2
    const larger = <A extends Uint16Array | Uint32Array | Float64Array>(made: A, old: A): A => {
      made.set(old)
      return made
    }
    this.classes = larger(new Uint16Array(room), this.classes)
    this.children = larger(new Uint32Array(room), this.children)
    this.siblings = larger(new Uint32Array(room), this.siblings)
    this.parents = larger(new Uint32Array(room), this.parents)
    this.counts = larger(new Float64Array(room), this.counts)
  }
}
