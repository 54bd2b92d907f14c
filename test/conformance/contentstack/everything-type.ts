export const title = {
  ...{ display_name: 'Title', uid: 'title', data_type: 'text', mandatory: true, unique: true },
  ...{ field_metadata: { _default: true }, multiple: false, non_localizable: false },
}

/** A type with everything that the vendor's types can hold, as its own exporter writes them. */
export const everything = {
  title: 'Everything',
  uid: 'everything',
  description: 'All of it',
  options: {
    is_page: true,
    singleton: false,
    title: 'title',
    sub_title: [],
    url_pattern: '/:title',
    url_prefix: '/',
  },
  schema: [
    title,
    {
      display_name: 'URL',
      uid: 'url',
      data_type: 'text',
      mandatory: true,
      field_metadata: { _default: true, version: 3 },
    },
    {
      display_name: 'Code',
      uid: 'code',
      data_type: 'text',
      format: '^[A-Z]{2}\\d+$',
      error_messages: { format: 'AB1' },
    },
    {
      ...{
        display_name: 'Colour',
        uid: 'colour',
        data_type: 'text',
        display_type: 'dropdown',
        multiple: false,
      },
      enum: {
        advanced: true,
        choices: [
          { value: 'r', key: 'Red' },
          { value: 'g', key: 'Green' },
        ],
      },
    },
    { display_name: 'Size', uid: 'size', data_type: 'number', min: 1, max: 5 },
    { display_name: 'Day', uid: 'day', data_type: 'isodate', startDate: '2026-01-01', endDate: null },
    { display_name: 'On', uid: 'on', data_type: 'boolean', field_metadata: { default_value: false } },
    {
      display_name: 'Pictures',
      uid: 'pictures',
      data_type: 'file',
      multiple: true,
      extensions: ['png'],
      max_instance: 2,
    },
    { display_name: 'Link', uid: 'link', data_type: 'link' },
    {
      ...{ display_name: 'Body', uid: 'body', data_type: 'json', reference_to: ['sys_assets', 'page'] },
      field_metadata: {
        allow_json_rte: true,
        embed_entry: true,
        rich_text_type: 'advanced',
        description: '',
      },
    },
    {
      ...{ display_name: 'Old body', uid: 'old_body', data_type: 'text', reference_to: ['sys_assets'] },
      field_metadata: { allow_rich_text: true, rich_text_type: 'advanced', options: [] },
    },
    {
      ...{
        display_name: 'Others',
        uid: 'others',
        data_type: 'reference',
        reference_to: ['page', 'everything'],
      },
      ...{
        multiple: false,
        min_instance: null,
        max_instance: 3,
        field_metadata: { ref_multiple: true, ref_multiple_content_types: true },
      },
    },
    {
      display_name: 'Parent',
      uid: 'parent',
      data_type: 'reference',
      reference_to: 'page',
      field_metadata: {},
    },
    {
      ...{
        display_name: 'Group',
        uid: 'group',
        data_type: 'group',
        multiple: true,
        max_instance: 2,
        field_metadata: {},
      },
      schema: [{ display_name: 'Word', uid: 'word', data_type: 'text', mandatory: true }],
    },
    {
      ...{
        display_name: 'Sections',
        uid: 'sections',
        data_type: 'blocks',
        multiple: true,
        field_metadata: {},
      },
      blocks: [
        { title: 'Hero', uid: 'hero', schema: [{ display_name: 'Text', uid: 'text', data_type: 'text' }] },
        { title: 'SEO', uid: 'seo', reference_to: 'seo_global' },
      ],
    },
    {
      display_name: 'SEO',
      uid: 'seo',
      data_type: 'global_field',
      reference_to: 'seo_global',
      field_metadata: {},
    },
    {
      ...{
        display_name: 'Address',
        uid: 'address',
        data_type: 'global_field',
        reference_to: 'address_global',
      },
      schema: [{ display_name: 'Town', uid: 'town', data_type: 'text', mandatory: true }],
    },
    {
      ...{ display_name: 'Topics', uid: 'topics', data_type: 'taxonomy', multiple: true, mandatory: false },
      taxonomies: [{ taxonomy_uid: 'topics', max_terms: 5, mandatory: false, non_localizable: false }],
    },
  ],
}

/** An entry of it. */
export const fine = {
  ...{ title: 'One', url: '/one', code: 'AB1', colour: 'r', size: 5, day: '2026-05-01', on: false },
  ...{ pictures: [], link: { title: 'T', href: '/t' }, old_body: '<p>x</p>' },
  body: { type: 'doc', uid: 'd', children: [{ type: 'p', children: [{ text: 'x' }] }] },
  others: [{ uid: 'blt1', _content_type_uid: 'page' }],
  ...{ parent: ['blt2'], group: [{ word: 'a' }], seo: { words: ['a'] }, address: { town: 'Paris' } },
  sections: [{ hero: { text: 'x' } }, { seo: { any: { thing: 1 } } }],
  topics: [{ taxonomy_uid: 'topics', term_uid: 'news' }],
}
