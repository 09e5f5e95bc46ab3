package io.packstone.crypto;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.Provider;
import java.util.ArrayList;
import java.util.List;

/** The AES-GCM providers to be found here: the JDK's, and Corretto's where its native library loads. */
final class Providers {
    private Providers() {}

    static List<Provider> all() {
        List<Provider> all = new ArrayList<>(List.of(CryptoProvider.builtIn()));
        if (AmazonCorrettoCryptoProvider.INSTANCE.getLoadingError() == null) {
            all.add(AmazonCorrettoCryptoProvider.INSTANCE);
        }
        return all;
    }
}
