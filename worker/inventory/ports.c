/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PORTS: the sockets on the case and the board, from SMBIOS type 8 (DMTF DSP0134, 7.9). CAPTION is the plug outside, DESCRIPTION the one
 * inside, as the Unix agent has them; NAME what stands at the board, or at the case where nothing stands at the board. */
#include "worker/inventory/section.h"

#define PORT_CONNECTOR 8

static const char *
connector_name (guint8 type)
{
  static const char *const names[] = {
      "None",
      "Centronics",
      "Mini Centronics",
      "Proprietary",
      "DB-25 male",
      "DB-25 female",
      "DB-15 male",
      "DB-15 female",
      "DB-9 male",
      "DB-9 female",
      "RJ-11",
      "RJ-45",
      "50 Pin MiniSCSI",
      "Mini DIN",
      "Micro DIN",
      "PS/2",
      "Infrared",
      "HP-HIL",
      "Access Bus (USB)",
      "SSA SCSI",
      "Circular DIN-8 male",
      "Circular DIN-8 female",
      "On Board IDE",
      "On Board Floppy",
      "9 Pin Dual Inline (pin 10 cut)",
      "25 Pin Dual Inline (pin 26 cut)",
      "50 Pin Dual Inline",
      "68 Pin Dual Inline",
      "On Board Sound Input From CD-ROM",
      "Mini Centronics Type-14",
      "Mini Centronics Type-26",
      "Mini Jack (headphones)",
      "BNC",
      "IEEE 1394",
      "SAS/SATA Plug Receptacle",
      "USB Type-C Receptacle",
  };
  static const char *const high[] = {"PC-98", "PC-98 Hireso", "PC-H98", "PC-98 Note", "PC-98 Full"};
  if (type == 0xFF)
    return "Other";
  if (type >= 0xA0)
    return (guint)type - 0xA0 < G_N_ELEMENTS (high) ? high[type - 0xA0] : NULL;
  return type < G_N_ELEMENTS (names) ? names[type] : NULL;
}

static const char *
port_name (guint8 type)
{
  static const char *const names[] = {
      "None",
      "Parallel Port XT/AT Compatible",
      "Parallel Port PS/2",
      "Parallel Port ECP",
      "Parallel Port EPP",
      "Parallel Port ECP/EPP",
      "Serial Port XT/AT Compatible",
      "Serial Port 16450 Compatible",
      "Serial Port 16550 Compatible",
      "Serial Port 16550A Compatible",
      "SCSI Port",
      "MIDI Port",
      "Joystick Port",
      "Keyboard Port",
      "Mouse Port",
      "SSA SCSI",
      "USB",
      "Firewire (IEEE P1394)",
      "PCMCIA Type I",
      "PCMCIA Type II",
      "PCMCIA Type III",
      "Cardbus",
      "Access Bus Port",
      "SCSI II",
      "SCSI Wide",
      "PC-98",
      "PC-98 Hireso",
      "PC-H98",
      "Video Port",
      "Audio Port",
      "Modem Port",
      "Network Port",
      "SATA",
      "SAS",
      "Multi-Function Display Port",
      "Thunderbolt",
  };
  if (type == 0xA0)
    return "8251 Compatible";
  if (type == 0xA1)
    return "8251 FIFO Compatible";
  if (type == 0xFF)
    return "Other";
  return type < G_N_ELEMENTS (names) ? names[type] : NULL;
}

static void
add_port (const OcsSmbiosEntry *port, OcsInventory *inventory)
{
  const char *inside = ocs_smbios_string (port, 0x04);
  const char *outside = ocs_smbios_string (port, 0x06);
  OcsEntry *entry = ocs_inventory_add (inventory, "PORTS");
  ocs_entry_set (entry, "TYPE", port_name (ocs_smbios_u8 (port, 0x08)));
  ocs_entry_set (entry, "NAME", inside != NULL ? inside : outside);
  ocs_entry_set (entry, "CAPTION", connector_name (ocs_smbios_u8 (port, 0x07)));
  ocs_entry_set (entry, "DESCRIPTION", connector_name (ocs_smbios_u8 (port, 0x05)));
}

void
ocs_ports_collect (const OcsMachine *machine, OcsInventory *inventory)
{
  const OcsSmbiosEntry *port = NULL;
  for (guint i = 0; (port = ocs_smbios_find (machine->smbios, PORT_CONNECTOR, i)) != NULL; i++)
    add_port (port, inventory);
  if (machine->smbios_problem != NULL)
    ocs_inventory_note (inventory, "PORTS", machine->smbios_problem);
}
