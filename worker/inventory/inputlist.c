/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See inputlist.h. What kind of device it is follows from the events that it can send (linux/input-event-codes.h), by the rules that
 * people's desktops go by. */
#include "worker/inventory/inputlist.h"
#include <linux/input-event-codes.h>
#include <string.h>

#define BITS (KEY_CNT + 64)

/* One block of lines while it is read. The text has the masks as hexadecimal words of the kernel's long, the highest first. */
typedef struct {
  OcsInput *input; /* owned; NULL before the first line */
  guint word_bits;
  gboolean events[BITS];     /* EV_… */
  gboolean keys[BITS];       /* KEY_… and BTN_… */
  gboolean relative[BITS];   /* REL_… */
  gboolean absolute[BITS];   /* ABS_… */
  gboolean properties[BITS]; /* INPUT_PROP_… */
} Block;

static void
input_free (gpointer data)
{
  OcsInput *input = data;
  g_free (input->name);
  g_free (input->phys);
  g_free (input->sysfs);
  g_free (input);
}

static void
take_mask (gboolean bits[BITS], const char *text, guint word_bits)
{
  g_auto (GStrv) words = g_strsplit (text, " ", 64);
  guint count = g_strv_length (words);
  for (guint i = 0; i < count; i++) {
    guint64 word = g_ascii_strtoull (words[count - 1 - i], NULL, 16);
    for (guint bit = 0; bit < word_bits && i * word_bits + bit < BITS; bit++)
      bits[i * word_bits + bit] = (word >> bit & 1) != 0;
  }
}

/* Letters that repeat: buttons and remote controls have keys too, and the volume keys of a keyboard say that they had letters. */
static gboolean
is_keyboard (const Block *block)
{
  for (guint key = KEY_Q; key <= KEY_P; key++)
    if (!block->keys[key])
      return FALSE;
  return block->events[EV_REP];
}

static OcsInputKind
kind_of (const Block *block)
{
  gboolean moves = block->relative[REL_X] && block->relative[REL_Y];
  gboolean points = block->absolute[ABS_X] && block->absolute[ABS_Y];
  if (block->keys[BTN_STYLUS] || block->keys[BTN_TOOL_PEN])
    return OCS_INPUT_TABLET;
  if (points && block->keys[BTN_TOOL_FINGER] && !block->properties[INPUT_PROP_DIRECT])
    return OCS_INPUT_TOUCHPAD;
  if (points && (block->properties[INPUT_PROP_DIRECT] || block->keys[BTN_TOUCH]))
    return OCS_INPUT_TOUCHSCREEN;
  if ((moves || points) && block->keys[BTN_LEFT]) /* those of virtual machines point absolutely */
    return OCS_INPUT_MOUSE;
  if (points && (block->keys[BTN_TRIGGER] || block->keys[BTN_SOUTH]))
    return OCS_INPUT_JOYSTICK;
  return is_keyboard (block) ? OCS_INPUT_KEYBOARD : OCS_INPUT_OTHER;
}

static void
end_block (Block *block, GPtrArray *inputs)
{
  if (block->input != NULL) {
    block->input->kind = kind_of (block);
    g_ptr_array_add (inputs, block->input);
  }
  *block = (Block) {.word_bits = block->word_bits};
}

/* "NAME=value" at text: the value, without quotes; NULL for another name. transfer full. */
static char *
value_of (const char *text, const char *name)
{
  gsize length = strlen (name);
  if (strncmp (text, name, length) != 0 || text[length] != '=')
    return NULL;
  const char *value = text + length + 1;
  gsize end = strlen (value);
  if (end >= 2 && value[0] == '"' && value[end - 1] == '"')
    return g_strndup (value + 1, end - 2);
  return g_strdup (value);
}

static guint
number_after (const char *text, const char *name)
{
  const char *at = strstr (text, name);
  return at == NULL ? 0 : (guint)g_ascii_strtoull (at + strlen (name), NULL, 16) & 0xFFFF;
}

static void
set_text (char **field, char *value)
{
  if (value == NULL)
    return;
  g_free (*field);
  *field = value;
}

static void
take_bits (Block *block, const char *text)
{
  static const struct {
    const char *name;
    gsize offset;
  } masks[] = {
      {"EV", offsetof (Block, events)},    {"KEY", offsetof (Block, keys)},        {"REL", offsetof (Block, relative)},
      {"ABS", offsetof (Block, absolute)}, {"PROP", offsetof (Block, properties)},
  };
  for (guint i = 0; i < G_N_ELEMENTS (masks); i++) {
    g_autofree char *value = value_of (text, masks[i].name);
    if (value != NULL)
      take_mask ((gboolean *)(gpointer)((char *)block + masks[i].offset), value, block->word_bits);
  }
}

static void
take_line (Block *block, const char *line)
{
  const char *text = line + 3;
  if (*line == 'I') {
    if (block->input == NULL)
      block->input = g_new0 (OcsInput, 1);
    block->input->bus = number_after (text, "Bus=");
    block->input->vendor = number_after (text, "Vendor=");
    block->input->product = number_after (text, "Product=");
  } else if (block->input != NULL && *line == 'N') {
    set_text (&block->input->name, value_of (text, "Name"));
  } else if (block->input != NULL && *line == 'P') {
    set_text (&block->input->phys, value_of (text, "Phys"));
  } else if (block->input != NULL && *line == 'S') {
    set_text (&block->input->sysfs, value_of (text, "Sysfs"));
  } else if (*line == 'B') {
    take_bits (block, text);
  }
}

GPtrArray *
ocs_inputlist_parse (const char *text, guint word_bits)
{
  GPtrArray *inputs = g_ptr_array_new_with_free_func (input_free);
  g_autofree Block *block = g_new0 (Block, 1);
  block->word_bits = word_bits == 32 ? 32 : 64;
  while (text != NULL && *text != '\0') {
    gsize length = strcspn (text, "\n");
    g_autofree char *line = g_strndup (text, length);
    if (length == 0)
      end_block (block, inputs);
    else if (length > 3 && line[1] == ':' && line[2] == ' ')
      take_line (block, line);
    text += length + (text[length] == '\n');
  }
  end_block (block, inputs);
  return inputs;
}
