/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What ocsinventory.ini says, each value checked. One table of keys (ocs_settings_keys()) reads, checks and documents them. Keys of the
 * Windows agent keep its names, types and defaults (WindowsAgent ComHTTP/HTTPConfig.cpp, OCSInventory Front/Config.cpp,
 * Service/OcsService.h); ours stand in [OCS Companion]. Pure: nothing is looked up on this machine. */
#pragma once
#include "ipc/status.h"
#include "worker/core/hours.h"
#include "worker/core/ini.h"
#include "worker/core/proxyauth.h"

typedef struct {
  char *server;                /* owned, nullable: not configured; normalised, e.g. http://host/ocsinventory */
  gboolean verify;             /* SSL */
  char *ca_bundle;             /* owned; absolute where folder is; need not exist */
  gboolean ca_bundle_is_given; /* by the file, not by default: then it is an error where it cannot be read */
  gboolean auth_required;      /* AuthRequired; TRUE exactly where there is a login */
  char *server_user;           /* owned, nullable: no login */
  char *server_password;       /* owned; NULL exactly where server_user is */
  OcsProxyKind proxy_kind;
  char *proxy_host;             /* owned; NULL exactly where proxy_kind is NONE; IPv6 without brackets */
  int proxy_port;               /* 0 where proxy_kind is NONE */
  gboolean proxy_auth_required; /* as auth_required */
  char *proxy_user;             /* owned, nullable: no login */
  char *proxy_password;         /* owned; NULL exactly where proxy_user is */
  OcsProxyAuth proxy_auth;
  char *proxy_keytab;    /* owned, nullable; absolute where folder is; read by the courier, not by the worker */
  char *proxy_fallback;  /* owned, nullable; further proxies in order, as ocs_hops_parse() reads them */
  char *proxy_bypass;    /* owned, nullable; as ocs_bypass_parse() reads it */
  char *proxy_for;       /* owned; text of proxied */
  char *direct_fallback; /* owned; text of direct */
  guint proxied;         /* purposes that go by proxies, bits 1 << OcsRoutePurpose */
  guint direct;          /* purposes that may go without one where none can be reached */
  char *proxy_pac;       /* owned, nullable; URL, or a path, absolute where folder is */
  char *proxy_trusted;   /* owned, nullable; proxies that get the login whatever named them, as ocs_bypass_parse() reads it */
  char *proxy_ca;        /* owned, nullable; absolute where folder is; for TLS to the proxy */
  gboolean proxy_auto_detect;
  gboolean proxy_from_environment;
  char *client_cert; /* owned, nullable; absolute where folder is; there is a client_key then */
  char *client_key;  /* owned, nullable */
  int debug;         /* 0 … 2 */
  char *local;       /* owned, nullable; a folder: inventories are written there, the server is not contacted */
  gboolean no_software;
  gboolean no_tag;
  char *user_domain; /* owned, nullable; DEFAULT_USER_DOMAIN */
  int prolog_freq;   /* hours; until the server says its own */
  gboolean inventory_on_startup;
  char *deviceid;           /* owned, nullable; preset, e.g. for a reimaged machine */
  char *tag;                /* owned, nullable; only for the first inventory */
  char *site_networks;      /* owned, nullable; networks that may be looked at, or "none" */
  gboolean extensions;      /* programs of the administrator add to the inventory */
  gboolean ask_tag;         /* people are asked for the TAG where there is none */
  GStrv trusted_info_hosts; /* owned, never NULL; lower case */
  gboolean allow_insecure_deployment;
  char *require_signature; /* owned, nullable; absolute where folder is */
  gboolean system_ca;
  char *install_path;       /* owned; what INSTALL_PATH in a package stands for */
  int notify_absent;        /* hours */
  int notify_max_delays;    /* -1: no limit */
  int notify_deadline;      /* days, 0: none */
  int restart_grace;        /* minutes */
  int keep_free;            /* MiB */
  int package_quota;        /* MiB; 0: no limit */
  char *download_window;    /* owned, nullable; as it stands */
  OcsHours *download_hours; /* owned, nullable: always; what of it is understood */
  gboolean download_metered;
  gboolean download_hurry;
  int connect_timeout;   /* seconds */
  int stall_timeout;     /* seconds without a byte */
  int bandwidth_limit;   /* KiB a second over the WAN, 0 for no limit */
  int bandwidth_other;   /* the same in the hours that bandwidth_hours leaves out */
  char *bandwidth_hours; /* owned, nullable: always; when that counts, see hours.h */
  char *tray_show;       /* owned; "all", "seat", "none" or "group:NAME": not checked */
  gboolean tray_quit;
  gboolean tray_inventory;
  char *support_text; /* owned, nullable; with place holders, like support_url */
  char *support_url;  /* owned, nullable */
  char *logo;         /* owned, nullable; absolute where folder is */
  GStrv warnings;     /* owned, never NULL; for people: "line 12: ProxyPort=abc is not a number: 80 is used" */
} OcsSettings;

typedef enum {
  OCS_SETTINGS_BOOL,    /* 0 or 1 */
  OCS_SETTINGS_INT,     /* minimum … maximum */
  OCS_SETTINGS_TEXT,    /* as it stands */
  OCS_SETTINGS_PATH,    /* relative to the folder of the file */
  OCS_SETTINGS_HOSTS,   /* host names, commas between */
  OCS_SETTINGS_SERVER,  /* URL */
  OCS_SETTINGS_PROXY,   /* host name or address */
  OCS_SETTINGS_CHOICE,  /* one of choices; the field is its number, 0 for what is not known */
  OCS_SETTINGS_SECRET,  /* sealed, see seal.h and vault.h */
  OCS_SETTINGS_IGNORED, /* of the Windows agent, without a meaning here */
} OcsSettingsType;

typedef struct {
  const char *section;
  const char *key;
  OcsSettingsType type;
  const char *fallback;       /* as it would stand in the file; NULL for none */
  int minimum;                /* INT */
  int maximum;                /* INT */
  gsize offset;               /* of the field in OcsSettings; for settings.c */
  const char *meaning;        /* one sentence for the manual */
  const char *const *choices; /* CHOICE; NULL at the end */
} OcsSettingsKey;

/* The table; ends with a NULL section. */
const OcsSettingsKey *ocs_settings_keys (void);
/* In any case; section: nullable: wherever it stands. NULL where there is no such key. */
const OcsSettingsKey *ocs_settings_find_key (const char *section, const char *name);

/* folder: of the ini file, for relative paths. Never fails: what is wrong is in warnings, those of ocs_ini_parse() first. */
OcsSettings *ocs_settings_new (const OcsIni *ini, const char *folder);
/* The same; key: nullable, opens what this machine has sealed (seal.h). */
OcsSettings *ocs_settings_read (const OcsIni *ini, const char *folder, const guint8 *key);
/* Wipes the logins. */
void ocs_settings_free (OcsSettings *settings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsSettings, ocs_settings_free)
