import type { Clause } from './clauses.ts'
import { contact } from './contact.ts'
import { dataMap, type FieldRule, retention } from './datamap.ts'
import { processors } from './processors.ts'

/** One clause of a notice: its id is its anchor on the page. */
export interface NoticeClause {
  id: Clause
  text: string
  /** An item of the list that the clause before it opens. */
  item?: true
  links?: { text: string; href: string }[]
}

export interface NoticeSection {
  heading: string
  clauses: NoticeClause[]
}

const field = (name: keyof typeof dataMap.panel): FieldRule => dataMap.panel[name]
const lower = (says: string) => says.replace(/^Your /, 'your ').replace(/^What /, 'what ')
const zoom = processors.find(one => one.name === 'Zoom')
const granicus = processors.find(one => one.name === 'GovDelivery')

/**
 * A draft of the privacy notice in plain English, made from the data map: the DPO edits it, or loads an approved text
 * and maps its clauses, before approving and dating it.
 */
export function draftNotice(): NoticeSection[] {
  const { body, panel, dpo, phone, regulator } = contact
  return [
    {
      heading: 'About this notice',
      clauses: [
        { id: 'N-01', text: `This is how the ${panel} uses information about you.` },
        {
          id: 'N-02',
          text: `The ${body} has a ${panel} so that people who live in social housing help to shape its service, drawing on what it was like to complain to a landlord or to come to us.`,
        },
        { id: 'N-03', text: 'It is for people who apply to the panel and for its members.' },
      ],
    },
    {
      heading: 'What we use your information for',
      clauses: [
        {
          id: 'N-04',
          text: 'We use information about you to run the panel and your part in it, and for nothing else.',
        },
        { id: 'N-05', text: 'These are all the things that we do with it:' },
        { id: 'N-06', item: true, text: 'read applications and decide who joins' },
        { id: 'N-07', item: true, text: 'write to you about meetings that are coming up' },
        { id: 'N-08', item: true, text: 'note who came to each meeting' },
        { id: 'N-09', item: true, text: 'record some online meetings on video' },
        { id: 'N-10', item: true, text: 'send members papers such as minutes and slides' },
        { id: 'N-11', item: true, text: 'send members surveys to fill in' },
        {
          id: 'N-12',
          item: true,
          text: 'look at group figures, so that what we send suits the people who get it. This never affects whether you are chosen or stay a member.',
        },
        {
          id: 'N-13',
          text: 'What you tell us about yourself lets us check that the panel is like the people who live in social housing in England. Your age range, gender, area and whether you rent or own your home may count in the draw. Your ethnicity and what you need to take part never do.',
        },
        { id: 'N-14', text: 'It also lets us put in place what you need to take part in meetings.' },
      ],
    },
    {
      heading: 'The law that lets us',
      clauses: [
        {
          id: 'N-15',
          text: `Running the panel is part of the public task of the ${body}: better handling of complaints in social housing, and a service that everyone can use.`,
        },
        { id: 'N-16', text: 'Our lawful basis is a task in the public interest: UK GDPR Article 6(1)(e).' },
        { id: 'N-17', text: 'We also do it to keep our duties under the Equality Act 2010.' },
        {
          id: 'N-18',
          text: 'Information about ethnicity and health has extra protection in law. We use it because of a substantial public interest: UK GDPR Article 9(2)(g), with the Data Protection Act 2018, Schedule 1. You can tell us in writing to stop using your equality answers, and we will.',
        },
      ],
    },
    {
      heading: 'What we ask you for',
      clauses: [
        {
          id: 'N-19',
          text: 'We ask only for what the panel needs, and we ask you for it. We do not look you up anywhere else.',
        },
        { id: 'N-20', text: 'When you apply, we ask for:' },
        { id: 'N-21', item: true, text: lower(field('name').says) },
        {
          id: 'N-22',
          item: true,
          text: 'how to reach you: email, phone or post, whichever you choose, and when; if you name someone who supports you, how to reach them',
        },
        { id: 'N-23', item: true, text: `${lower(field('ageRange').says)}, never your date of birth` },
        { id: 'N-24', item: true, text: lower(field('gender').says) },
        { id: 'N-25', item: true, text: `${lower(field('area').says)}, and the region it is in` },
        { id: 'N-26', item: true, text: 'who your landlord is and how you rent or own your home' },
        { id: 'N-27', item: true, text: lower(field('answers').says) },
      ],
    },
    {
      heading: 'Information with extra protection',
      clauses: [
        { id: 'N-28', text: `${field('ethnicity').says}, if you want to say.`, item: true },
        {
          id: 'N-29',
          item: true,
          text: 'What would help you take part. We ask what you need, never for a diagnosis.',
        },
        {
          id: 'N-30',
          text: 'Few people may see this. Ethnicity is only ever counted in groups, and nobody on our staff can look up yours. What you need is seen by the person who arranges adjustments and the organiser of a meeting that you are invited to.',
        },
        { id: 'N-31', text: 'We can also learn whether you open our emails, if you allow it. We do not until you do.' },
        { id: 'N-32', text: 'If you allow it, we keep:' },
        { id: 'N-33', item: true, text: 'the kind of web browser, such as Firefox or Safari' },
        { id: 'N-34', item: true, text: 'a rough area, worked out once from your internet address, which is not kept' },
        { id: 'N-35', item: true, text: 'when an email was opened and when a link in it was followed' },
        { id: 'N-36', text: `Bulletins are sent for us by ${granicus?.name}, a service of ${granicus?.company}.` },
        {
          id: 'N-37',
          text: 'There is more about this below.',
          links: [{ text: 'Email figures and GovDelivery', href: '#N-62' }],
        },
      ],
    },
    {
      heading: 'Who else sees it',
      clauses: [
        { id: 'N-38', text: 'We never share your information for marketing, market research or business.' },
        {
          id: 'N-39',
          text: 'Companies that work for us get only what they need to do so. They never get information with extra protection from us. If you speak about your health or your needs in an online meeting, that is your choice.',
        },
        {
          id: 'N-40',
          text: 'Now and then someone asks us for information about a person and the law lets us consider it.',
        },
        { id: 'N-41', text: 'Such a request may come from:' },
        { id: 'N-42', item: true, text: 'the police or another body that prevents, looks into or prosecutes crime' },
        { id: 'N-43', item: true, text: 'a lawyer, where it is needed for a legal claim or legal advice' },
        { id: 'N-44', item: true, text: 'a person asking for a copy of their own information' },
        { id: 'N-45', item: true, text: 'an agency that keeps children and adults at risk safe' },
        {
          id: 'N-46',
          text: 'Each request is looked at by itself by two people, and no more is given than it needs. We may refuse.',
        },
      ],
    },
    {
      heading: 'How long we keep it',
      clauses: [
        { id: 'N-47', text: 'Everything we hold about you has a date on which it is deleted. You can see yours.' },
        { id: 'N-48', text: 'If you become a member, we keep your information for three and a half years.' },
        { id: 'N-49', text: `That is your three-year term and six months after it: ${retention.panel.says}.` },
        {
          id: 'N-50',
          text: 'If you apply and do not become a member, we delete your application six months after the round closed. An application that you do not send is deleted when the round closes.',
        },
        {
          id: 'N-51',
          text: 'Before deleting, we may add to counts of groups, such as how many people applied from a region. Nobody can be picked out of them.',
        },
        {
          id: 'N-52',
          text: `It is kept safe on the systems of the ${body}, locked with a key of your own, and only people whose work needs it can open it. Each time is written down and you can see it. When your information is deleted the key is destroyed: unreadable here at once, and everywhere within 30 days.`,
        },
      ],
    },
    {
      heading: 'When a meeting is recorded',
      clauses: [
        { id: 'N-53', text: 'The whole panel meets online at least twice a year.' },
        { id: 'N-54', text: 'Some meetings are recorded to help run this panel and later ones. Most are not.' },
        {
          id: 'N-55',
          text: 'A recording holds the picture and voice of presenters, and yours if you speak or show yourself.',
        },
        { id: 'N-56', text: 'Recordings stay inside the organisation.' },
        { id: 'N-57', text: 'We tell you as early as we can, and always before a recording starts.' },
        { id: 'N-58', text: 'Meetings are held on Zoom.' },
        {
          id: 'N-59',
          text: `Zoom is a worldwide company, so information may leave the United Kingdom: ${zoom?.transfer}.`,
        },
        {
          id: 'N-60',
          text: 'We check that Zoom is on the list of that framework, and covered by the UK part of it, at least once a year.',
        },
        {
          id: 'N-61',
          text: 'Zoom says what it does with information in its own notice.',
          links: [{ text: 'Zoom privacy statement', href: zoom?.privacyNotice ?? '' }],
        },
      ],
    },
    {
      heading: 'Email figures and GovDelivery',
      clauses: [
        {
          id: 'N-62',
          text: 'Members get bulletins by email about what the panel is doing. You can stop them, or stop figures being kept about you, at any time.',
        },
        {
          id: 'N-63',
          text: 'If you allow it, a bulletin holds a tiny picture and links that tell us it was opened. If you do not, it holds neither.',
        },
        { id: 'N-64', text: 'If you allow it, an open or a click is noted as yours. You can see every one.' },
        {
          id: 'N-65',
          text: 'We use this to see which messages are worth sending and to write better ones, and for nothing else.',
        },
        { id: 'N-66', text: 'The figures for each bulletin are kept in GovDelivery.' },
        {
          id: 'N-67',
          text: 'Only our communications team can see them, and for twelve months from each open or click.',
        },
        {
          id: 'N-68',
          text: `Staff of ${granicus?.company} may see them to give support. ${granicus?.company} keeps information for ${granicus?.tail} after you are taken off its system. We ask it to delete yours when we do, and tell you the date.`,
        },
        {
          id: 'N-69',
          text: 'GovDelivery has its own notice and cookie statement.',
          links: [
            { text: 'Granicus privacy policy', href: granicus?.privacyNotice ?? '' },
            { text: 'Granicus cookie policy', href: granicus?.cookieStatement ?? '' },
          ],
        },
      ],
    },
    {
      heading: 'Your rights',
      clauses: [
        {
          id: 'N-70',
          text: 'You can ask to see your information, correct it, delete it, have it set aside, move it or take it elsewhere, object to its use, and take back an agreement. We accept every request, and if we cannot do all of it we say why.',
        },
        {
          id: 'N-71',
          text: 'There is a page that says what each right means here.',
          links: [{ text: 'Your rights', href: '/your-rights' }],
        },
        {
          id: 'N-72',
          text: `To use a right, use the form or write to our data protection team at ${dpo.email}.`,
          links: [{ text: 'Ask about your information', href: '/your-rights' }],
        },
        {
          id: 'N-73',
          text: `If you are not happy with how we use your information you can complain to us, and we must look into it. You can also complain to the ${regulator.name}, which is independent of us.`,
          links: [{ text: 'Complain about how we use your information', href: '/complaints' }],
        },
        { id: 'N-74', text: 'The ICO may ask you to come to us first.' },
        { id: 'N-75', text: `Our ${dpo.name} can be reached like this:` },
        { id: 'N-76', item: true, text: `by post: ${[dpo.name, ...dpo.post].join(', ')}` },
        { id: 'N-77', item: true, text: `by phone: ${phone}` },
        { id: 'N-78', item: true, text: `by email: ${dpo.email}` },
      ],
    },
  ]
}
