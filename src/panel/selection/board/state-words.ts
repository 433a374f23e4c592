import type { RunState } from './tables.ts'

/** How far a run has come, as a tag. */
export const stateWords: Record<RunState, { text: string; classes: string }> = {
  running: { text: 'Going on', classes: 'govuk-tag--blue' },
  committed: { text: 'Ready to draw', classes: 'govuk-tag--yellow' },
  drawn: { text: 'Drawn', classes: 'govuk-tag--yellow' },
  accepted: { text: 'Accepted', classes: 'govuk-tag--green' },
  'set aside': { text: 'Set aside', classes: 'govuk-tag--grey' },
  infeasible: { text: 'Quotas cannot be met', classes: 'govuk-tag--red' },
  stopped: { text: 'Stopped', classes: 'govuk-tag--grey' },
  interrupted: { text: 'Interrupted', classes: 'govuk-tag--red' },
  failed: { text: 'Failed', classes: 'govuk-tag--red' },
}
