/** Files by the ends of their paths: which one shares the longest end with a name that is written elsewhere. */
export interface Ended<T> {
  value: T
  /** The whole path's steps, the file's own name last. */
  steps: readonly string[]
}

interface Node<T> {
  count: number
  /** Of one file alone, whose further steps are not looked at before a second one comes. */
  only: Ended<T> | null
  below: Map<string, Node<T>> | null
}

const empty = <T>(): Node<T> => ({ count: 0, only: null, below: null })

export class PathEnds<T> {
  private readonly root: Node<T> = empty()

  add(file: Ended<T>): void {
    let node = this.root
    for (let depth = 0; ; depth++) {
      const earlier = node.only
      if (++node.count === 1) {
        node.only = file
        return
      }
      node.only = null
      const earlierStep = earlier && stepFromEnd(earlier.steps, depth)
      if (earlierStep) Object.assign(childOf(node, earlierStep), { count: 1, only: earlier })
      const step = stepFromEnd(file.steps, depth)
      if (step === undefined) return
      node = childOf(node, step)
    }
  }

  /** `file`: null where several share the longest end; `length`: its steps. Null: not even the file's name is known. */
  find(steps: readonly string[]): { file: Ended<T> | null; length: number } | null {
    let node = this.root
    for (let length = 0; ; length++) {
      if (node.only) {
        const common = commonEnd(steps, node.only.steps)
        return common > 0 ? { file: node.only, length: common } : null
      }
      const step = stepFromEnd(steps, length)
      const next = step === undefined ? undefined : node.below?.get(step)
      if (!next) return length > 0 ? { file: null, length } : null
      node = next
    }
  }
}

function childOf<T>(node: Node<T>, step: string): Node<T> {
  node.below ??= new Map()
  let child = node.below.get(step)
  if (!child) node.below.set(step, (child = empty()))
  return child
}

const stepFromEnd = (steps: readonly string[], index: number): string | undefined => steps[steps.length - 1 - index]

function commonEnd(a: readonly string[], b: readonly string[]): number {
  let length = 0
  while (length < a.length && stepFromEnd(a, length) === stepFromEnd(b, length)) length++
  return length
}
