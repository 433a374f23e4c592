import type { Recipient } from './datamap.ts'

export interface Processor {
  name: Recipient
  company: string
  does: string
  /** Where the data may go, and the mechanism that allows it. */
  transfer: string
  privacyNotice: string
  cookieStatement?: string
  /** How long the processor may keep data after a person has been removed. */
  tail?: string
}

/** Who works for the panel and may receive personal data; nobody else does. */
export const processors: readonly Processor[] = [
  {
    name: 'Zoom',
    company: 'Zoom Communications, Inc.',
    does: 'runs the online meetings',
    transfer: 'United States, under the UK Extension to the EU-US Data Privacy Framework',
    privacyNotice: 'https://www.zoom.com/en/trust/privacy/privacy-statement/',
  },
  {
    name: 'GovDelivery',
    company: 'Granicus',
    does: 'sends the email bulletins',
    transfer: 'United States, under the UK Extension to the EU-US Data Privacy Framework',
    privacyNotice: 'https://granicus.com/privacy-policy/',
    cookieStatement: 'https://granicus.com/cookie-policy/',
    tail: 'six years',
  },
  {
    name: 'mail service',
    company: 'the mail service of the Housing Ombudsman Service',
    does: 'carries single letters by email',
    transfer: 'United Kingdom',
    privacyNotice: 'https://www.housing-ombudsman.org.uk/privacy/',
  },
]
