package io.heliograph.engineio;

import net.jqwik.api.lifecycle.AroundContainerHook;
import net.jqwik.api.lifecycle.ContainerLifecycleContext;
import net.jqwik.api.lifecycle.LifecycleHook;
import net.jqwik.api.lifecycle.PropagationMode;

/** As {@link LeakExtension}, for the classes that jqwik runs. Found by jqwik on its own. */
public final class LeakHook implements LifecycleHook, AroundContainerHook {

    @Override
    public PropagationMode propagateTo() {
        return PropagationMode.ALL_DESCENDANTS;
    }

    @Override
    public void beforeContainer(ContainerLifecycleContext context) {
        LeakExtension.assertParanoid();
    }

    @Override
    public void afterContainer(ContainerLifecycleContext context) {
        LeakExtension.assertNoLeaks();
    }
}
