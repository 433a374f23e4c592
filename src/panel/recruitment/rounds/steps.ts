import type { Tx } from '#src/platform/database/database.ts'
import type { Round } from '../round.ts'

/** One step of a round on its way to a panel in office: what it says, and where it is done. */
export interface RoundStep {
  title: string
  says: string
  /** `waiting`: others act. `later`: it cannot begin yet, and has no link. */
  state: 'done' | 'now' | 'waiting' | 'later'
  href: string
}

/** The steps of a published round, in order. The rooms above recruitment know them. */
export type StepsOf = (tx: Tx, round: Round, now: Date) => Promise<RoundStep[]>

const words = {
  done: { text: 'Done' },
  now: { tag: { text: 'To do', classes: 'govuk-tag--blue' } },
  waiting: { tag: { text: 'Waiting', classes: 'govuk-tag--yellow' } },
  later: { text: 'Cannot start yet', classes: 'govuk-task-list__status--cannot-start-yet' },
} as const

/** Steps as the items of a task list. */
export function taskList(steps: readonly RoundStep[]): object[] {
  return steps.map(({ title, says, state, href }) => ({
    title: { text: title },
    hint: { text: says },
    status: words[state],
    ...(state === 'later' ? {} : { href }),
  }))
}
