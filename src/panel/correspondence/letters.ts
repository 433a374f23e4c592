import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isPractice } from '#src/platform/database/world.ts'
import { laidOut, type Words, write } from './words/write.ts'

/** Codes, ids and dates that a letter needs besides the person's name: never a word that a person typed. */
export type LetterDetail = { [name: string]: string | number | boolean }

/**
 * The catalogue of letters: all words that residents read by mail. `version` rises when the standard words change, which
 * stand in `letters/NAME.txt`; staff put their own in their place in `words/`.
 */
export const letters = {
  'confirm address': {
    version: 2,
    subject: 'Confirm your email address',
    example: {
      link: 'https://panel.example.org/confirm/…',
      another: true,
      signIn: 'https://panel.example.org/sign-in',
    },
  },
  'sign-in code': {
    version: 1,
    subject: 'Your code to sign in',
    example: { code: 'K7M2PX', link: 'https://panel.example.org/sign-in/…' },
  },
  'new address': {
    version: 1,
    subject: 'Confirm your new email address',
    example: { code: 'K7M2PX', link: 'https://panel.example.org/new-address/…' },
  },
  'address changing': {
    version: 1,
    subject: 'Your email address for the Resident Panel is being changed',
    example: { link: 'https://panel.example.org/not-me/…', until: '9:00am on 26 November 2026' },
  },
  'named as supporter': {
    version: 2,
    subject: 'Someone named you as their supporter',
    example: {
      member: 'Amina Okafor',
      until: '24 November 2027',
      acts: true,
      link: 'https://panel.example.org/supporter/…',
      notice: 'https://panel.example.org/notice',
    },
  },
  'application received': {
    version: 2,
    subject: 'We have your application',
    example: {
      reference: 'RP-4F7K-29',
      closes: '5pm on 30 January 2027',
      deleted: '30 July 2027',
      round: 'Resident Panel 2027',
      link: 'https://panel.example.org/sign-in',
    },
  },
  'applications merged': {
    version: 1,
    subject: 'You have one application to the Resident Panel',
    example: { reference: 'RP-4F7K-29AB', deleted: 'RP-9XK2-7CDE' },
  },
  'draft reminder': {
    version: 2,
    subject: 'Your application is not sent yet',
    example: { closes: '5pm on 30 January 2027', link: 'https://panel.example.org/sign-in' },
  },
  withdrawn: {
    version: 2,
    subject: 'You have withdrawn your application',
    example: { reference: 'RP-4F7K-29', deleted: '30 July 2027' },
  },
  'notice changed': {
    version: 1,
    subject: 'Our privacy notice is changing',
    example: { version: 2, from: '1 March 2027', link: 'https://panel.example.org/notice/2' },
  },
  'not this time': {
    version: 1,
    subject: 'Your application to the Resident Panel',
    example: {
      round: 'Resident Panel 2027',
      deleted: '30 July 2027',
      next: 'No date is set for the next round yet.',
      ruled: '',
      rights: 'https://panel.example.org/your-rights',
      complaints: 'https://panel.example.org/complaints',
    },
  },
  offer: {
    version: 1,
    subject: 'A place on the Resident Panel',
    example: {
      round: 'Resident Panel 2027',
      starts: '1 April 2027',
      answerBy: '26 February 2027',
      link: 'https://panel.example.org/me/offer',
    },
  },
  'offer reminder': {
    version: 1,
    subject: 'Your place on the Resident Panel waits for you',
    example: { answerBy: '26 February 2027', link: 'https://panel.example.org/me/offer' },
  },
  'offer unanswered': {
    version: 1,
    subject: 'Do you want your place on the Resident Panel?',
    example: { link: 'https://panel.example.org/me/offer' },
  },
  'welcome to the panel': {
    version: 1,
    subject: 'Welcome to the Resident Panel',
    example: { starts: '1 April 2027', ends: '1 April 2030', link: 'https://panel.example.org/me' },
  },
  'left the panel': {
    version: 1,
    subject: 'You have left the Resident Panel',
    example: {
      left: '3 May 2027',
      deleted: '3 November 2027',
      back: '17 May 2027',
      link: 'https://panel.example.org/me/membership',
    },
  },
  'term ends': {
    version: 1,
    subject: 'Your term on the Resident Panel ends soon',
    example: { ends: '1 April 2030', deleted: '1 October 2030', again: true, link: 'https://panel.example.org' },
  },
  'rights received': {
    version: 1,
    subject: 'We have your request',
    example: { reference: 'DP-7KQ4MX', due: '29 December 2026' },
  },
  'rights update': {
    version: 1,
    subject: 'About your request',
    example: { reference: 'DP-7KQ4MX', words: 'Hello Amina Okafor, it takes us longer than a month.' },
  },
  'rights answer': {
    version: 1,
    subject: 'Our answer about your data',
    example: {
      reference: 'DP-7KQ4MX',
      words: 'Dear Amina Okafor, here is a copy of everything that we hold about you.',
    },
  },
  'complaint received': {
    version: 1,
    subject: 'We have your complaint',
    example: { reference: 'DP-7KQ4MX', due: '29 December 2026' },
  },
  'complaint update': {
    version: 1,
    subject: 'About your complaint',
    example: { reference: 'DP-7KQ4MX', words: 'Hello Amina Okafor, we have asked the team that wrote to you.' },
  },
  'removal proposed': {
    version: 1,
    subject: 'Your membership of the Resident Panel: tell us what you think',
    example: { until: '17 May 2027', link: 'https://panel.example.org/me/data' },
  },
  'removal dropped': {
    version: 1,
    subject: 'You stay a member of the Resident Panel',
    example: { link: 'https://panel.example.org/me' },
  },
  'removed from the panel': {
    version: 1,
    subject: 'Your membership of the Resident Panel has ended',
    example: { left: '18 May 2027', deleted: '18 November 2027', link: 'https://panel.example.org/me/data' },
  },
  'concern raised': {
    version: 1,
    subject: 'Someone is worried about a person: answer today',
    example: { due: '5pm on 23 November 2026', link: 'https://panel.example.org/staff/concerns/…' },
  },
  'staff invitation': {
    version: 1,
    subject: 'You have been invited to the Resident Panel service',
    example: { link: 'https://panel.example.org/staff/welcome/…' },
  },
  'policy ends': {
    version: 1,
    subject: 'The policy document for equality and health data ends soon',
    example: { ends: '24 January 2027', over: false, link: 'https://panel.example.org/staff/protection/policy' },
  },
  'ledger head': {
    version: 1,
    subject: 'Keep this: the ledger of this week',
    example: {
      size: 1204,
      root: '6vX0a2zY8Zl1bq0qk1c1cO0n3sYb0e8m1rQm7l0sJ1k=',
      at: '2026-11-23T07:15:00.000Z',
      says: '7:15am on 23 November 2026',
      signature: 'mZ0…',
    },
  },
} as const satisfies Record<string, { version: number; subject: string; example: LetterDetail }>

export type LetterName = keyof typeof letters

/** Checks that a letter of this name is in the catalogue. */
export function isLetter(name: string): name is LetterName {
  return Object.hasOwn(letters, name)
}

export const letterNames = Object.keys(letters).filter(isLetter)

const folder = join(import.meta.dirname, 'letters')
const standard = new Map(
  [...letterNames, 'copy', 'practice'].map(name => [
    name,
    readFileSync(join(folder, `${name.replaceAll(' ', '-')}.txt`), 'utf8'),
  ]),
)

/** The words that a letter has unless staff have put others in their place. */
export function standardWords(name: LetterName): Words {
  const { subject, version } = letters[name]
  return { subject, body: standard.get(name) ?? '', version: `standard ${version}` }
}

/**
 * Makes a letter's subject, text and HTML. The text comes from the same words as the HTML. A copy for a supporter says
 * first whose letter it is, and links to where they may act; one to someone invented says that it is practice.
 */
export function writeLetter(
  name: LetterName,
  detail: LetterDetail & { name: string },
  copyFor?: { name: string; door: LetterDetail[string] | undefined },
  words: Words = standardWords(name),
): { subject: string; text: string; html: string } {
  const mark = isPractice() ? write(standard.get('practice') ?? '', { name: copyFor?.name ?? detail.name }) : ''
  const preface = copyFor
    ? write(standard.get('copy') ?? '', {
        supporter: copyFor.name,
        member: detail.name,
        acts: Boolean(copyFor.door),
        link: copyFor.door ?? '',
      })
    : ''
  const subject = `${isPractice() ? 'Practice: ' : ''}${copyFor ? 'Copy: ' : ''}${words.subject}`
  return laidOut(subject, [mark, preface, write(words.body, detail)].filter(Boolean).join('\n\n'))
}
