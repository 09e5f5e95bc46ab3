package io.packstone.restore.disk;

import io.packstone.metadata.RawName;

/** What a restore gives a file besides its bytes. What can't be set is counted by these. */
public enum Aspect {
    /** Who it belongs to. */
    OWNER("owner", "the owner could not be set", "only root may give files away"),
    /** The permission bits. */
    MODE("mode", "the mode could not be set", ""),
    /** When it was modified. */
    TIME("time", "the time could not be set", ""),
    /** Access control lists, which are attributes too. */
    ACL("acl", "the access control list could not be set", ""),
    /** Attributes that any program may set. */
    USER_ATTRIBUTES("user-attributes", "user attributes could not be set", ""),
    /** Attributes that only the superuser sees. */
    TRUSTED_ATTRIBUTES("trusted-attributes", "trusted attributes could not be set", "only root may set them"),
    /** Attributes that decide what a program may do, capabilities among them. */
    SECURITY_ATTRIBUTES(
            "security-attributes", "capabilities or security labels could not be set", "only root may set them"),
    /** Attributes of a namespace of one file system. */
    OTHER_ATTRIBUTES("other-attributes", "attributes of the file system could not be set", ""),
    /** Flags such as immutable. */
    FLAGS("flags", "immutable and other flags could not be set", ""),
    /** A device, pipe or socket itself. */
    NODE("nodes", "a device, pipe or socket could not be made", "only root may make devices");

    private static final String ACL_PREFIX = "system.posix_acl_";
    private static final String CAPABILITY = "security.capability";

    private final String word;
    private final String text;
    private final String remedy;

    Aspect(String word, String text, String remedy) {
        this.word = word;
        this.text = text;
        this.remedy = remedy;
    }

    /** For programs. */
    public String word() {
        return word;
    }

    /** For people: that it could not be set. */
    public String text() {
        return text;
    }

    /** For people: why, when the reason of the system says less; else empty. */
    public String remedy() {
        return remedy;
    }

    /** Which one an extended attribute of that name belongs to. */
    public static Aspect of(RawName attribute) {
        String name = attribute.toText();
        if (name.startsWith(ACL_PREFIX)) {
            return ACL;
        }
        if (name.startsWith("user.")) {
            return USER_ATTRIBUTES;
        }
        if (name.startsWith("trusted.")) {
            return TRUSTED_ATTRIBUTES;
        }
        return name.startsWith("security.") ? SECURITY_ATTRIBUTES : OTHER_ATTRIBUTES;
    }

    /**
     * True for an attribute that goes when the snapshot has none of that name; security labels and what else the system
     * itself gives to every file stay.
     */
    static boolean isRemovable(RawName attribute, boolean trusted) {
        return switch (of(attribute)) {
            case ACL, USER_ATTRIBUTES -> true;
            case TRUSTED_ATTRIBUTES -> trusted;
            default -> attribute.toText().equals(CAPABILITY);
        };
    }
}
