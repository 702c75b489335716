/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of /proc/bus/input/devices. Pure. */
#pragma once
#include <glib.h>

typedef enum {
  OCS_INPUT_OTHER, /* a button, a switch, a jack … */
  OCS_INPUT_KEYBOARD,
  OCS_INPUT_MOUSE,
  OCS_INPUT_TOUCHPAD,
  OCS_INPUT_TOUCHSCREEN,
  OCS_INPUT_TABLET,
  OCS_INPUT_JOYSTICK,
} OcsInputKind;

typedef struct {
  guint bus; /* BUS_… of linux/input.h */
  guint vendor;
  guint product;
  char *name;  /* owned; nullable, as the next two */
  char *phys;  /* "usb-0000:00:14.0-1/input0" */
  char *sysfs; /* "/devices/…" */
  OcsInputKind kind;
} OcsInput;

/* text: nullable. word_bits: of the long of the program that read it, 32 or 64: the kernel writes masks as words of that width.
 * Of OcsInput, in the order of the text. transfer full. */
GPtrArray *ocs_inputlist_parse (const char *text, guint word_bits);
